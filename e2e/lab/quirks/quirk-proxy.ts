import type net from 'node:net';
import tls from 'node:tls';
import type { Certificates } from '../certificates.ts';
import type { Command, Conversation, Quirk } from './quirk.ts';
import { bytesOf, type Line, LineReader, lineOf, textOf } from './wire.ts';

interface QuirkProxySetup {
  readonly certificates: Certificates;
  /** The IMAP port behind it, with TLS from the first byte. */
  readonly upstream: number;
  readonly quirks: readonly Quirk[];
}

/** Somebody who used what the server had not offered. */
export interface Misuse {
  readonly command: string;
  readonly needs: string;
}

/** A command that a client has given. */
export interface Given {
  readonly at: number;
  /** As in `Command`, with "UID " before it where it stood there. */
  readonly name: string;
  /** The line, without literals. */
  readonly line: string;
  /** Counts the connections from 1. */
  readonly connection: number;
}

/** What a command needs to have been advertised (RFC 3501 and its extensions). */
const needs: Readonly<Record<string, string>> = {
  APPENDLIMIT: 'APPENDLIMIT',
  COMPRESS: 'COMPRESS=DEFLATE',
  ENABLE: 'ENABLE',
  ESEARCH: 'ESEARCH',
  ID: 'ID',
  IDLE: 'IDLE',
  MOVE: 'MOVE',
  NAMESPACE: 'NAMESPACE',
  SORT: 'SORT',
  THREAD: 'THREAD=REFERENCES',
  UNSELECT: 'UNSELECT',
};

/** What words in a command's line need (but in names and texts, which are quoted). */
const wordNeeds: readonly (readonly [RegExp, string])[] = [
  [/\((?:CONDSTORE|CHANGEDSINCE|UNCHANGEDSINCE)\b|\bMODSEQ\b/i, 'CONDSTORE'],
  [/\bVANISHED\b|\(QRESYNC\b/i, 'QRESYNC'],
  [/^\S+ UID EXPUNGE\b/i, 'UIDPLUS'],
  [/^\S+ LIST \(|\bRETURN \([^)]*STATUS\b/i, 'LIST-EXTENDED'],
  [/\bSPECIAL-USE\b/i, 'SPECIAL-USE'],
  [/\bRETURN \((?:MIN|MAX|ALL|COUNT|SAVE)?/i, 'ESEARCH'],
  [/\{\d+\+\}$/, 'LITERAL+'],
];

function* needsOf({ name, line }: Command): Generator<string> {
  const need = needs[name];
  if (need !== undefined) yield need;
  const words = textOf(line).replace(/"(?:[^"\\]|\\.)*"/g, '""');
  for (const [pattern, extension] of wordNeeds) if (pattern.test(words)) yield extension;
}

/**
 * Stands before an IMAP server, takes the TLS off, and lets quirks change what is said. It notes every command that
 * was used without having been advertised.
 */
export class QuirkProxy {
  readonly port: number;
  readonly misuses: Misuse[] = [];
  readonly given: Given[] = [];
  /** Signed-in connections that were open at the same time, at most. */
  mostConnections = 0;
  #connections = 0;
  #signedIn = 0;
  readonly #server: tls.Server;
  readonly #sockets = new Set<net.Socket>();

  private constructor(server: tls.Server) {
    this.#server = server;
    this.port = (server.address() as net.AddressInfo).port;
  }

  static async before(setup: QuirkProxySetup): Promise<QuirkProxy> {
    let proxy: QuirkProxy | null = null;
    const { key, certificate } = setup.certificates;
    const server = tls.createServer({ key, cert: certificate }, (client) => proxy?.accept(client, setup));
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = new QuirkProxy(server);
    return proxy;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  accept(client: net.Socket, setup: QuirkProxySetup): void {
    const server = tls.connect({
      port: setup.upstream,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: setup.certificates.authority,
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.once('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.once('end', () => other.end());
    }
    this.#connections += 1;
    const connection = this.#connections;
    talk(client, server, setup.quirks, {
      misuse: (misuse) => this.misuses.push(misuse),
      given: ({ isUid, name, line }) =>
        this.given.push({
          at: Date.now(),
          name: isUid ? `UID ${name}` : name,
          line: textOf(line),
          connection,
        }),
      signedIn: () => {
        this.#signedIn += 1;
        this.mostConnections = Math.max(this.mostConnections, this.#signedIn);
        client.once('close', () => {
          this.#signedIn -= 1;
        });
      },
    });
  }
}

interface Listener {
  misuse(misuse: Misuse): void;
  given(command: Command): void;
  signedIn(): void;
}

function talk(client: net.Socket, server: net.Socket, quirks: readonly Quirk[], tell: Listener): void {
  const advertised = new Set<string>();
  const memories = new Map<Quirk, Map<string, number>>(quirks.map((quirk) => [quirk, new Map()]));
  let commands = 0;
  let folder: string | null = null;
  let opening: { readonly tag: string; readonly folder: string } | null = null;
  let pending: Command | null = null;

  const toClient = (line: Line): void => void client.write(bytesOf(line));
  const conversationFor = (quirk: Quirk): Conversation => ({
    commands,
    folder,
    pending,
    memory: memories.get(quirk) ?? new Map(),
    say: (text) => toClient(lineOf(text)),
    hangUp: () => {
      client.end();
      server.destroy();
    },
    onEnd: (ended) => void client.once('close', ended),
  });

  const fromClient = (line: Line): void => {
    // In the middle of IDLE and AUTHENTICATE a client's line is no command.
    if (pending !== null && (pending.name === 'IDLE' || pending.name === 'AUTHENTICATE'))
      return void server.write(bytesOf(line));
    const command = parseCommand(line);
    if (command === null) return void server.write(bytesOf(line));
    commands += 1;
    pending = command;
    tell.given(command);
    for (const need of needsOf(command))
      if (advertised.size > 0 && !advertised.has(need)) tell.misuse({ command: command.name, needs: need });
    let asked = line;
    for (const quirk of quirks) {
      const decided = quirk.command?.({ ...command, line: asked }, conversationFor(quirk)) ?? asked;
      if (decided === 'answered') {
        pending = null;
        return;
      }
      asked = decided;
    }
    const opened = /^\S+ (?:SELECT|EXAMINE) (.+)$/i.exec(textOf(asked));
    if (opened !== null) opening = { tag: command.tag, folder: unquoted(opened[1] ?? '') };
    server.write(bytesOf(withoutWaiting(asked)));
  };

  const fromServer = (line: Line): void => {
    const text = textOf(line);
    let said: Line | null = line;
    for (const quirk of quirks) {
      said = quirk.response?.(said, conversationFor(quirk)) ?? (quirk.response === undefined ? said : null);
      if (said === null) break;
    }
    if (pending !== null && text.startsWith(`${pending.tag} `)) {
      if (['LOGIN', 'AUTHENTICATE'].includes(pending.name) && / OK\b/i.test(text)) tell.signedIn();
      if (opening?.tag === pending.tag && / OK\b/i.test(text)) folder = opening.folder;
      pending = null;
    }
    if (said === null) return;
    noteCapabilities(textOf(said), advertised);
    toClient(said);
  };

  const clientReader = new LineReader(fromClient, () => client.write('+ go on\r\n'));
  const serverReader = new LineReader(fromServer);
  client.on('data', (bytes: Buffer) => clientReader.read(bytes));
  server.on('data', (bytes: Buffer) => serverReader.read(bytes));
}

function parseCommand(line: Line): Command | null {
  const [tag, first, second] = textOf(line).split(' ', 3);
  if (tag === undefined || first === undefined) return null;
  const isUid = first.toUpperCase() === 'UID';
  return { tag, name: ((isUid ? second : first) ?? '').trim().toUpperCase(), isUid, line };
}

/** The client has been asked for its literals already; the server gets them without being asked. */
const withoutWaiting = ({ pieces }: Line): Line => ({
  pieces: pieces.map((piece) =>
    typeof piece === 'string' ? piece.replace(/\{(\d+)\}\r\n$/, '{$1+}\r\n') : piece,
  ),
});

function noteCapabilities(text: string, advertised: Set<string>): void {
  const [, list] = /^\* CAPABILITY (.*)$|\[CAPABILITY ([^\]]*)\]/i.exec(text)?.filter(Boolean) ?? [];
  if (list === undefined) return;
  advertised.clear();
  for (const name of list.toUpperCase().split(' ')) advertised.add(name);
}

const unquoted = (name: string): string => name.replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1');
