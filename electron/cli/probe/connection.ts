import { createInterface } from 'node:readline';
import { ImapFlow } from 'imapflow';
import { imapTransport } from '../../engine/net/imap-transport.ts';
import { createNetwork, type Network, type Opened } from '../../engine/net/network.ts';
import type { Logger } from '../../engine/ports.ts';

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
export async function connectTo(server: Server, { user, secret }: Login): Promise<ImapFlow> {
  const { host, port } = server;
  const client = new ImapFlow({
    host,
    port,
    secure: true,
    auth: secret.kind === 'password' ? { user, pass: secret.value } : { user, accessToken: secret.value },
    logger: false,
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableIMAP4rev2: true,
    transport: imapTransport(await openTo(server)),
  });
  await client.connect();
  return client;
}

/** What the server says it can do before it knows who asks; an IMAP client sees only what it says afterwards. */
export async function capabilitiesBeforeLogin(server: Server): Promise<readonly string[]> {
  const { socket } = await openTo(server);
  socket.setTimeout(15_000, () => socket.destroy(new Error('no answer within 15 s')));
  try {
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

const silent: Logger = { info: () => {}, warn: () => {}, child: () => silent };

/** Without a proxy: only the window's process can ask the system which one there is. */
export const networkTrusting = (ca: string | null): Network =>
  createNetwork({
    policy: { authorities: ca === null ? [] : [ca], pins: [], isEmergencyDirect: false },
    proxies: {
      proxiesFor: async () => 'DIRECT',
      forget: () => {},
      credentials: async () => null,
    },
    clock: {
      now: () => Date.now(),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    log: silent,
  });

async function openTo({ host, port, ca }: Server): Promise<Opened> {
  const opened = await networkTrusting(ca).open({ host, port, security: 'tls', purpose: 'primary' });
  if (!opened.ok) throw Object.assign(new Error(opened.error.code), { code: opened.error.code });
  return opened.value;
}
