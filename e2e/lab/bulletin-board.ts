import { createHash } from 'node:crypto';
import https from 'node:https';
import { exportJWK, generateKeyPair } from 'jose';
import type { BulletinPayload } from '../../electron/engine/failover/bulletin-format.ts';
import {
  type BulletinKey,
  signBulletin,
  thumbprintOf,
} from '../../electron/engine/failover/sign-bulletin.ts';
import type { Certificates } from './certificates.ts';
import { listen } from './ports.ts';

/** `it` declares what is ordinary, `grave` also incidents; nobody trusts `forger`. */
export type Signer = 'it' | 'grave' | 'forger';

/** What is posted; the rest is filled in: another number each time, valid for a day. */
export type Draft = Partial<Omit<BulletinPayload, 'kind'>> & Pick<BulletinPayload, 'kind'>;

/** `portal`: somebody else answers. */
export type BoardMode = 'works' | 'busy' | 'hangs' | 'portal' | 'oversized';

/** A plain web server on which a company posts its bulletins. */
export class BulletinBoard {
  mode: BoardMode = 'works';
  /** What it serves. */
  posted = '';
  /** Statuses of its answers. */
  readonly answers: number[] = [];
  readonly port: number;
  readonly #server: https.Server;
  readonly #keys: Readonly<Record<Signer, BulletinKey>>;
  readonly #thumbprints: Readonly<Record<Signer, string>>;
  #sequence = 0;

  private constructor(
    server: https.Server,
    port: number,
    keys: Readonly<Record<Signer, BulletinKey>>,
    thumbprints: Readonly<Record<Signer, string>>,
  ) {
    this.#server = server;
    this.port = port;
    this.#keys = keys;
    this.#thumbprints = thumbprints;
  }

  static async start({
    key,
    certificate,
  }: Pick<Certificates, 'key' | 'certificate'>): Promise<BulletinBoard> {
    const [it, grave, forger] = await Promise.all([newKey(), newKey(), newKey()]);
    let board: BulletinBoard | null = null;
    const server = https.createServer({ key, cert: certificate }, (request, response) => {
      if (board === null || board.mode === 'hangs') return;
      if (board.mode !== 'works') {
        response.writeHead(board.mode === 'busy' ? 503 : 200, { connection: 'close' });
        response.end(board.mode === 'oversized' ? 'x'.repeat(100_000) : '<html><h1>Welcome!</h1></html>');
        return;
      }
      const etag = `"${createHash('sha256').update(board.posted).digest('hex').slice(0, 16)}"`;
      const isKnown = request.headers['if-none-match'] === etag;
      board.answers.push(isKnown ? 304 : 200);
      response.writeHead(isKnown ? 304 : 200, { etag, 'content-type': 'text/plain', connection: 'close' });
      response.end(isKnown ? undefined : board.posted);
    });
    const port = await listen(server);
    const thumbprints = {
      it: await thumbprintOf(it),
      grave: await thumbprintOf(grave),
      forger: await thumbprintOf(forger),
    };
    board = new BulletinBoard(server, port, { it, grave, forger }, thumbprints);
    return board;
  }

  /** The settings by which a laptop finds it and believes it. */
  policyBehind(port = this.port): Readonly<Record<string, unknown>> {
    return {
      'bulletins.urls': [`https://localhost:${port}/relevo.bulletins`],
      'bulletins.keys': [this.#thumbprints.it],
      'bulletins.graveKeys': [this.#thumbprints.grave],
    };
  }

  sign(draft: Draft, by: Signer = 'it'): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    this.#sequence += 1;
    const rest = { issuer: 'Corp IT', matter: draft.kind, sequence: this.#sequence };
    return signBulletin({ ...rest, iat: now, exp: now + 86_400, ...draft }, this.#keys[by]);
  }

  /** Adds it to the board. Yields it. */
  async post(draft: Draft, by: Signer = 'it'): Promise<string> {
    const jws = await this.sign(draft, by);
    this.posted += `${jws}\n`;
    return jws;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

async function newKey(): Promise<BulletinKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return (await exportJWK(privateKey)) as BulletinKey;
}
