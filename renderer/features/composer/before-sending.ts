import type { Draft } from '../../../shared/model/outgoing.ts';

/** What is asked before a message leaves: it speaks of a file and has none; it answers very many people. */
export type Doubt =
  | { readonly kind: 'noAttachment' }
  | { readonly kind: 'manyPeople'; readonly count: number };

/** An answer to more people than this is asked about. */
const many = 25;

export function doubtAbout(message: {
  readonly kind: Draft['kind'];
  /** The person's own words: neither quoted nor the signature. */
  readonly ownText: string;
  readonly subject: string;
  readonly hasFiles: boolean;
  readonly recipients: number;
}): Doubt | null {
  const { kind, ownText, subject, hasFiles, recipients } = message;
  if (kind === 'replyAll' && recipients > many) return { kind: 'manyPeople', count: recipients };
  // The subject of an answer is somebody else's.
  const words = kind === 'new' ? `${subject}\n${ownText}` : ownText;
  return !hasFiles && speaksOfAttachment(words) ? { kind: 'noAttachment' } : null;
}

/** Whatever language the window is in, people write in others. */
const attachmentWords = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${[
    'attached|attachments?|attaching|enclosed|enclosures?',
    'im anhang|anhänge[n]?|anhang|angehängt(?:e[nrs]?)?|anbei|beigefügt(?:e[nrs]?)?|beiliegend(?:e[nrs]?)?|in der anlage|siehe anlage|als anlage',
    'adjunt[oa]s?|adjuntamos|adjuntar|archivos? adjuntos?',
    'ci-joint(?:e?s?)|pièces? jointes?|en pièce jointe|en annexe|je joins|nous joignons',
    'in allegato|allegat[oaie]|allego|alleghiamo|qui unit[oaie]',
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'iu',
);

function speaksOfAttachment(text: string): boolean {
  return text
    .split('\n')
    .some((line) => !line.startsWith('>') && attachmentWords.test(line.normalize('NFC')));
}
