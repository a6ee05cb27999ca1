import { once } from 'node:events';
import tls from 'node:tls';
import { pathToFileURL } from 'node:url';
import type { MailboxAccess } from '../../e2e/lab/mailbox.ts';

/**
 * The least that fetching takes: one UID FETCH of each folder over TLS, whose answer is thrown away as it comes. In a process
 * of its own: prints the milliseconds, the seconds of processor and the bytes.
 */
export interface Floor {
  readonly ms: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
}

async function fetchAll(access: MailboxAccess, folders: readonly string[]): Promise<Floor> {
  const begun = performance.now();
  const socket = tls.connect({
    port: access.port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: access.authority,
  });
  let bytes = 0;
  let tail = '';
  socket.on('data', (data: Buffer) => {
    bytes += data.length;
    tail = (tail + data.subarray(-300).toString('latin1')).slice(-300);
  });
  const say = async (tag: string, command: string): Promise<void> => {
    socket.write(`${tag} ${command}\r\n`);
    while (!new RegExp(`(^|\\n)${tag} OK [^\\n]*\\n$`).test(tail)) await once(socket, 'data');
  };
  await say('a', `LOGIN "${access.user}" "${access.password}"`);
  for (const [index, folder] of folders.entries()) {
    await say(`s${index}`, `SELECT "${folder}"`);
    await say(`f${index}`, 'UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])');
  }
  socket.destroy();
  const { user, system } = process.cpuUsage();
  return { ms: performance.now() - begun, cpuSeconds: (user + system) / 1e6, bytes };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { access, folders } = JSON.parse(process.argv[2] ?? '') as {
    readonly access: MailboxAccess;
    readonly folders: readonly string[];
  };
  console.log(JSON.stringify(await fetchAll(access, folders)));
}
