import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { ImapFlow } from 'imapflow';

export interface Server {
  readonly host: string;
  readonly port: number;
  /** Certificates besides the system's, as PEM. */
  readonly ca: string | null;
}

export interface Login {
  readonly user: string;
  readonly secret: { readonly kind: 'password' | 'accessToken'; readonly value: string };
}

/** Signs in. Nothing is logged, and no extension is enabled that would change how the server behaves. */
export async function connectTo({ host, port, ca }: Server, { user, secret }: Login): Promise<ImapFlow> {
  const client = new ImapFlow({
    host,
    port,
    secure: true,
    auth: secret.kind === 'password' ? { user, pass: secret.value } : { user, accessToken: secret.value },
    logger: false,
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableIMAP4rev2: true,
    ...(ca === null ? {} : { tls: { ca: [ca] } }),
  });
  await client.connect();
  return client;
}

/** What the server says it can do before it knows who asks; an IMAP client sees only what it says afterwards. */
export async function capabilitiesBeforeLogin({ host, port, ca }: Server): Promise<readonly string[]> {
  const socket = connect({ host, port, servername: host, ...(ca === null ? {} : { ca: [ca] }) });
  socket.setTimeout(15_000, () => socket.destroy(new Error('no answer within 15 s')));
  try {
    await once(socket, 'secureConnect');
    socket.write('a CAPABILITY\r\n');
    for await (const line of createInterface({ input: socket })) {
      const found = /^\* CAPABILITY (.*)$/i.exec(line);
      if (found !== null) return (found[1] ?? '').trim().split(/\s+/);
      if (line.startsWith('a ')) return [];
    }
    return [];
  } finally {
    socket.destroy();
  }
}
