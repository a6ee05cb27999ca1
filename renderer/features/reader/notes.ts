import type {
  MessageNature,
  MessageProtection,
  ReportedRecipient,
  ReportKind,
} from '../../../shared/model/message-nature.ts';

export type Note = ReportKind | MessageProtection;

/** What is to be said about a message, the most telling first. An invitation has a card of its own. */
export function notesOf({ report, protection }: MessageNature): readonly Note[] {
  return [...(report === null ? [] : [report.kind]), ...(protection === null ? [] : [protection])];
}

/** What stands for the first words of a message that has none of a person's own; null: they say it better. */
export function noteInsteadOfWords(nature: MessageNature | null): Note | null {
  if (nature === null) return null;
  const { report, protection } = nature;
  if (report !== null) return report.kind;
  return protection === 'smimeEncrypted' || protection === 'pgpEncrypted' ? protection : null;
}

export type DeliveryReason =
  | 'noSuchAddress'
  | 'noSuchServer'
  | 'closed'
  | 'full'
  | 'tooLarge'
  | 'unreachable'
  | 'refused'
  | 'content'
  | 'system';

/** The subject and detail of an enhanced status code (RFC 3463, RFC 7505, RFC 7372). */
const reasons: readonly (readonly [RegExp, DeliveryReason])[] = [
  [/^[45]\.1\.2$|^[45]\.4\.4$/, 'noSuchServer'],
  // Of the sender's address (RFC 3463 section 3.2, RFC 7505).
  [/^[45]\.1\.[78]$/, 'refused'],
  [/^[45]\.1\.(?!0$)/, 'noSuchAddress'],
  [/^[45]\.2\.1$/, 'closed'],
  [/^[45]\.2\.2$/, 'full'],
  [/^[45]\.2\.3$|^[45]\.3\.4$/, 'tooLarge'],
  [/^4\.4\.|^5\.4\.7$/, 'unreachable'],
  [/^[45]\.7\./, 'refused'],
  [/^[45]\.6\./, 'content'],
  [/^[45]\.3\.(?!0$)/, 'system'],
];

/**
 * Why it did not get to a recipient, as far as the code says it: the one reported or, where that says nothing, the one
 * that the server put before its words. Words are not guessed at: they are in any language.
 */
export function deliveryReason({ status, reason }: ReportedRecipient): DeliveryReason | null {
  const inWords = /^\d{3}[ -]#?([45]\.\d{1,3}\.\d{1,3})\b/.exec(reason)?.[1] ?? '';
  const found = [status, inWords].map((code) => reasons.find(([pattern]) => pattern.test(code))?.[1]);
  return found.find((one) => one !== undefined) ?? null;
}
