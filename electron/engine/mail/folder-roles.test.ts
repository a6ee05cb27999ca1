import { expect, it } from 'vitest';
import { assignRoles } from './folder-roles.ts';

const folder = (path: string, ...flags: string[]) => ({ path, delimiter: '/', flags: new Set(flags) });
const rolesOf = (...listed: ReturnType<typeof folder>[]) =>
  Object.fromEntries(assignRoles(listed).map(({ path, role }) => [path, role]));

it('believes the flags before the names', () => {
  expect(rolesOf(folder('INBOX'), folder('Sent'), folder('Ausgang 2', '\\HasNoChildren', '\\Sent'))).toEqual({
    INBOX: 'inbox',
    Sent: 'other',
    'Ausgang 2': 'sent',
  });
});

it.each([
  ['Sent Items', 'Drafts', 'Deleted Items', 'Junk Email', 'Archive'],
  ['Gesendete Elemente', 'Entwürfe', 'Gelöschte Elemente', 'Junk-E-Mail', 'Archiv'],
  ['Elementos enviados', 'Borradores', 'Elementos eliminados', 'Correo no deseado', 'Archivo'],
  ['Éléments envoyés', 'Brouillons', 'Éléments supprimés', 'Courrier indésirable', 'Archives'],
  ['Posta inviata', 'Bozze', 'Posta eliminata', 'Posta indesiderata', 'Archivio'],
])('knows the names of Exchange: %s, %s, %s, %s, %s', (sent, drafts, trash, junk, archive) => {
  const listed = [sent, drafts, trash, junk, archive].map((path) => folder(path));
  expect(assignRoles(listed).map(({ role }) => role)).toEqual(['sent', 'drafts', 'trash', 'junk', 'archive']);
});

it('knows a name below INBOX, but takes one further down for a folder of the person', () => {
  expect(rolesOf(folder('INBOX'), folder('INBOX/Sent'), folder('Clients/Drafts'))).toEqual({
    INBOX: 'inbox',
    'INBOX/Sent': 'sent',
    'Clients/Drafts': 'other',
  });
});

it('leaves out what holds no mail', () => {
  const listed = ['Calendar', 'Calendar/Birthdays', 'Aufgaben', 'Sync Issues/Conflicts', 'Clients'].map(
    (path) => folder(path),
  );
  const withMail = assignRoles([...listed, folder('Shared', '\\Noselect')]).filter(
    ({ holdsMail }) => holdsMail,
  );
  expect(withMail.map(({ path }) => path)).toEqual(['Clients']);
});
