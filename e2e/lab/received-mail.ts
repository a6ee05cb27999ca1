import PostalMime from 'postal-mime';

/** A message as somebody received it: the bytes, and what they say. */
export interface ReceivedMail {
  /** Without angle brackets. */
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly date: Date;
  readonly source: Buffer;
  readonly envelopeFrom: string;
  readonly envelopeTo: readonly string[];
  /** The value of a header, unfolded; null when there is none. */
  header(name: string): string | null;
}

export async function readMail(
  source: Buffer,
  envelope: { readonly from: string; readonly to: readonly string[] },
): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(source);
  const ids = (value: string | undefined): string[] =>
    [...(value ?? '').matchAll(/<([^>]+)>/g)].map(([, id]) => id ?? '');
  return {
    messageId: ids(mail.messageId)[0] ?? '',
    inReplyTo: ids(mail.inReplyTo)[0] ?? null,
    references: ids(mail.references),
    from: mail.from?.address ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    date: new Date(mail.date ?? 0),
    source,
    envelopeFrom: envelope.from,
    envelopeTo: envelope.to,
    header: (name) => mail.headers.find(({ key }) => key === name.toLowerCase())?.value ?? null,
  };
}
