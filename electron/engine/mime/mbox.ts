/** A message for an mbox file. */
export interface MboxMessage {
  readonly from: string;
  readonly receivedAt: number;
  readonly source: Uint8Array;
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The variant "mboxrd" (RFC 4155 and http://qmail.org/man/man5/mbox.html): lines end with LF, and every line that
 * begins with any number of ">" and "From " gets one more ">", so that taking one away gives back the message.
 */
export function mboxOf(messages: readonly MboxMessage[]): Uint8Array {
  return Buffer.concat(
    messages.map(({ from, receivedAt, source }) => {
      const text = Buffer.from(source)
        .toString('latin1')
        .replace(/\r\n/g, '\n')
        .replace(/^(>*From )/gm, '>$1');
      const end = text.endsWith('\n') ? '\n' : '\n\n';
      return Buffer.from(`From ${senderOf(from)} ${ctime(receivedAt)}\n${text}${end}`, 'latin1');
    }),
  );
}

const senderOf = (address: string): string => (/^[!-~]+$/.test(address) ? address : 'MAILER-DAEMON');

/** As asctime(3) writes it, in UTC. */
function ctime(at: number): string {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${day} ${time} ${date.getUTCFullYear()}`;
}
