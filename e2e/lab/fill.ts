import { once } from 'node:events';
import tls from 'node:tls';
import type { MailboxAccess } from './mailbox.ts';

export interface MailToFile {
  readonly source: Buffer;
  readonly flags: readonly string[];
  readonly date: Date;
}

/** Bytes and messages of one MULTIAPPEND (RFC 3502), at most. */
const most = { bytes: 8 * 1024 * 1024, messages: 500 };

/**
 * Fills a folder of the lab with very many messages, thousands a second: several with one command and without waiting to be
 * asked for any. Dovecot takes both, whatever it advertises.
 */
export async function fillFolder(
  { port, user, password, authority }: MailboxAccess,
  folder: string,
  mails: Iterable<MailToFile>,
): Promise<void> {
  const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority });
  let heard = '';
  let failure: Error | null = null;
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard = (heard + text).slice(-4096);
    socket.emit('heard');
  });
  socket.on('error', (error) => {
    failure = error;
    socket.emit('heard');
  });
  const answer = async (tag: string): Promise<void> => {
    for (;;) {
      if (failure !== null) throw failure;
      const line = new RegExp(`(?:^|\\n)${tag} (OK|NO|BAD)[^\\r]*\\r\\n`).exec(heard);
      if (line?.[1] === 'OK') return;
      if (line !== null) throw new Error(`the folder ${folder} was not filled: ${line[0].trim()}`);
      await once(socket, 'heard');
    }
  };
  socket.write(`in LOGIN "${user}" "${password}"\r\n`);
  await answer('in');

  let batch: Buffer[] = [];
  let bytes = 0;
  let messages = 0;
  let sent = 0;
  const flush = async (): Promise<void> => {
    if (messages === 0) return;
    sent += 1;
    socket.write(Buffer.concat([Buffer.from(`a${sent} APPEND "${folder}"`), ...batch, Buffer.from('\r\n')]));
    batch = [];
    [bytes, messages] = [0, 0];
    await answer(`a${sent}`);
  };
  for (const { source, flags, date } of mails) {
    batch.push(Buffer.from(` (${flags.join(' ')}) "${internalDate(date)}" {${source.length}+}\r\n`), source);
    bytes += source.length;
    messages += 1;
    if (bytes >= most.bytes || messages === most.messages) await flush();
  }
  await flush();
  socket.write('out LOGOUT\r\n');
  await answer('out');
  socket.destroy();
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** RFC 9051, date-time. */
function internalDate(date: Date): string {
  const [year, month, day] = [date.getUTCFullYear(), months[date.getUTCMonth()], date.getUTCDate()];
  return `${String(day).padStart(2, ' ')}-${month}-${year} ${date.toISOString().slice(11, 19)} +0000`;
}
