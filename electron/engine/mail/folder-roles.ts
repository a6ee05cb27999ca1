import type { FolderRole, RemoteFolder } from './types.ts';

/** A folder as LIST shows it. */
export interface ListedFolder {
  readonly path: string;
  readonly delimiter: string;
  readonly flags: ReadonlySet<string>;
}

/** RFC 6154; Exchange sends them in a plain LIST without advertising SPECIAL-USE. */
const roleByFlag: Readonly<Record<string, FolderRole>> = {
  '\\sent': 'sent',
  '\\drafts': 'drafts',
  '\\archive': 'archive',
  '\\trash': 'trash',
  '\\junk': 'junk',
};

/** What Exchange and other servers call them in English, German, Spanish, French and Italian. */
const namesByRole: Readonly<Record<Exclude<FolderRole, 'inbox' | 'other'>, readonly string[]>> = {
  sent: [
    'sent',
    'sent items',
    'sent mail',
    'sent messages',
    'gesendet',
    'gesendete elemente',
    'gesendete objekte',
    'elementos enviados',
    'enviados',
    'éléments envoyés',
    'messages envoyés',
    'envoyés',
    'posta inviata',
    'inviati',
    'elementi inviati',
  ],
  drafts: ['drafts', 'entwürfe', 'borradores', 'brouillons', 'bozze'],
  archive: ['archive', 'archiv', 'archivo', 'archives', 'archivio'],
  trash: [
    'trash',
    'deleted items',
    'deleted messages',
    'gelöschte elemente',
    'gelöschte objekte',
    'papierkorb',
    'elementos eliminados',
    'papelera',
    'éléments supprimés',
    'corbeille',
    'posta eliminata',
    'elementi eliminati',
    'cestino',
  ],
  junk: [
    'junk',
    'junk email',
    'junk e-mail',
    'spam',
    'junk-e-mail',
    'correo no deseado',
    'correo electrónico no deseado',
    'courrier indésirable',
    'posta indesiderata',
  ],
};

/** Exchange lists these as folders too, though what they hold cannot be rendered as mail. */
const namesWithoutMail: readonly string[] = [
  'calendar',
  'kalender',
  'calendario',
  'calendrier',
  'contacts',
  'kontakte',
  'contactos',
  'contatti',
  'tasks',
  'aufgaben',
  'tareas',
  'tâches',
  'attività',
  'notes',
  'notizen',
  'notas',
  'note',
  'journal',
  'diario',
  'sync issues',
  'synchronisierungsprobleme',
  'problemas de sincronización',
  'problèmes de synchronisation',
  'problemi di sincronizzazione',
  'outbox',
  'postausgang',
  'bandeja de salida',
  "boîte d'envoi",
  'posta in uscita',
  'conversation history',
  'aufgezeichnete unterhaltungen',
  'rss feeds',
  'rss-feeds',
];

/**
 * Tells what each folder is for: by its flags, then by its name if it stands at the top or below INBOX. No role is
 * given twice, except `other`.
 */
export function assignRoles(listed: readonly ListedFolder[]): readonly RemoteFolder[] {
  const roles = new Map<ListedFolder, FolderRole>();
  const taken = new Set<FolderRole>();
  const give = (folder: ListedFolder, role: FolderRole | undefined): void => {
    if (role === undefined || taken.has(role) || roles.has(folder)) return;
    roles.set(folder, role);
    taken.add(role);
  };
  for (const folder of listed) if (folder.path.toUpperCase() === 'INBOX') give(folder, 'inbox');
  for (const folder of listed) for (const flag of lowered(folder.flags)) give(folder, roleByFlag[flag]);
  for (const [role, names] of Object.entries(namesByRole))
    for (const name of names)
      for (const folder of listed) if (topName(folder) === name) give(folder, role as FolderRole);

  return listed.map((folder) => {
    const role = roles.get(folder) ?? 'other';
    const flags = lowered(folder.flags);
    const isClosed = flags.includes('\\noselect') || flags.includes('\\nonexistent');
    const isOtherThanMail = role === 'other' && [partsOf(folder)[0], topName(folder)].some(isWithoutMail);
    return { path: folder.path, delimiter: folder.delimiter, role, holdsMail: !isClosed && !isOtherThanMail };
  });
}

function topName(folder: ListedFolder): string | null {
  const parts = partsOf(folder);
  if (parts.length === 2 && parts[0]?.toUpperCase() === 'INBOX') parts.shift();
  return parts.length === 1 ? plain(parts[0] ?? '') : null;
}

const partsOf = ({ path, delimiter }: ListedFolder): string[] =>
  delimiter === '' ? [path] : path.split(delimiter);
const plain = (name: string): string => name.trim().normalize('NFC').toLowerCase();
const lowered = (flags: ReadonlySet<string>): readonly string[] =>
  [...flags].map((flag) => flag.toLowerCase());
const isWithoutMail = (name: string | null | undefined): boolean =>
  typeof name === 'string' && namesWithoutMail.includes(plain(name));
