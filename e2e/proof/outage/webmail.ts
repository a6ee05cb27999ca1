import nodemailer from 'nodemailer';
import type { MailboxAccess } from '../../lab/mailbox.ts';

/** What somebody writes in the provider's webmail is handed to its submission, under a name of the webmail's. Yields the bytes. */
export async function sendFromWebmail(
  { user, password, authority }: MailboxAccess,
  port: number,
  mail: {
    readonly to: readonly string[];
    readonly subject: string;
    readonly text: string;
    readonly messageId: string;
  },
): Promise<Buffer> {
  const transport = nodemailer.createTransport({
    host: 'localhost',
    port,
    requireTLS: true,
    tls: { ca: authority },
    auth: { user, pass: password },
  });
  const source = Buffer.from(
    [
      `From: <${user}>`,
      `To: ${mail.to.map((address) => `<${address}>`).join(', ')}`,
      `Subject: ${mail.subject}`,
      `Date: ${new Date().toUTCString()}`,
      `Message-ID: ${mail.messageId}`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      mail.text,
      '',
    ].join('\r\n'),
  );
  await transport.sendMail({ envelope: { from: user, to: [...mail.to] }, raw: source });
  transport.close();
  return source;
}
