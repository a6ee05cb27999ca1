import type { SearchLanguage } from './query.ts';

/** What stands before a colon. */
export type OperatorName =
  | 'from'
  | 'to'
  | 'cc'
  | 'subject'
  | 'filename'
  | 'has'
  | 'is'
  | 'in'
  | 'before'
  | 'after'
  | 'older_than'
  | 'newer_than'
  | 'larger'
  | 'smaller';

export type StateName = 'unread' | 'read' | 'flagged' | 'attachment';
export type RoleName = 'inbox' | 'sent' | 'archive' | 'trash' | 'junk';
export type UnitName = 'd' | 'w' | 'm' | 'y';
export type DayName = 'today' | 'yesterday';

type Names<T extends string> = Readonly<Record<T, Readonly<Record<SearchLanguage, string>>>>;

const names = (en: string, de: string, es: string, fr: string, it: string) => ({ en, de, es, fr, it });

/** Shown in the person's language; those of all languages are understood, in any case and without accents. */
export const operatorNames: Names<OperatorName> = {
  from: names('from', 'von', 'de', 'de', 'da'),
  to: names('to', 'an', 'para', 'à', 'a'),
  cc: names('cc', 'cc', 'cc', 'cc', 'cc'),
  subject: names('subject', 'betreff', 'asunto', 'objet', 'oggetto'),
  filename: names('filename', 'datei', 'archivo', 'fichier', 'file'),
  has: names('has', 'hat', 'tiene', 'contient', 'ha'),
  is: names('is', 'ist', 'es', 'est', 'è'),
  in: names('in', 'in', 'en', 'dans', 'in'),
  before: names('before', 'vor', 'antes', 'avant', 'prima'),
  after: names('after', 'nach', 'después', 'après', 'dopo'),
  older_than: names('older_than', 'älter_als', 'anterior_a', 'plus_ancien_que', 'più_vecchio_di'),
  newer_than: names('newer_than', 'neuer_als', 'posterior_a', 'plus_récent_que', 'più_recente_di'),
  larger: names('larger', 'größer', 'mayor', 'plus_grand', 'maggiore'),
  smaller: names('smaller', 'kleiner', 'menor', 'plus_petit', 'minore'),
};

export const stateNames: Names<StateName> = {
  unread: names('unread', 'ungelesen', 'no_leído', 'non_lu', 'non_letto'),
  read: names('read', 'gelesen', 'leído', 'lu', 'letto'),
  flagged: names('flagged', 'gekennzeichnet', 'marcado', 'suivi', 'contrassegnato'),
  attachment: names('attachment', 'anhang', 'adjunto', 'pièce_jointe', 'allegato'),
};

export const roleNames: Names<RoleName> = {
  inbox: names('inbox', 'posteingang', 'entrada', 'réception', 'arrivo'),
  sent: names('sent', 'gesendet', 'enviados', 'envoyés', 'inviata'),
  archive: names('archive', 'archiv', 'archivados', 'archives', 'archivio'),
  trash: names('trash', 'papierkorb', 'papelera', 'corbeille', 'cestino'),
  junk: names('junk', 'spam', 'spam', 'indésirables', 'indesiderata'),
};

/** Besides the letters themselves, which mean the same everywhere: "j" is a year in German and a day in French. */
export const unitNames: Names<UnitName> = {
  d: names('days', 'tage', 'días', 'jours', 'giorni'),
  w: names('weeks', 'wochen', 'semanas', 'semaines', 'settimane'),
  m: names('months', 'monate', 'meses', 'mois', 'mesi'),
  y: names('years', 'jahre', 'años', 'ans', 'anni'),
};

export const dayNames: Names<DayName> = {
  today: names('today', 'heute', 'hoy', "aujourd'hui", 'oggi'),
  yesterday: names('yesterday', 'gestern', 'ayer', 'hier', 'ieri'),
};

/** In capitals only: "or" and "o" are words. */
export const orWords: ReadonlySet<string> = new Set(['OR', 'ODER', 'OU', '|']);
export const notWords: ReadonlySet<string> = new Set(['NOT', 'NICHT']);
export const andWords: ReadonlySet<string> = new Set(['AND', 'UND']);
