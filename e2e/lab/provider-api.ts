import { randomInt } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import {
  CompactSign,
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWK,
} from 'jose';
import { canonicalCode, checkCharacter, printedCode } from '../../electron/engine/enrolment/core/code.ts';
import type { IdentityEntry } from '../../shared/model/identity.ts';
import type { AccountSettings } from '../../shared/policy/account-settings.ts';
import type { Certificates } from './certificates.ts';
import { listen } from './ports.ts';
import { type Device, ProviderDevices } from './provider-devices.ts';
import { Countersigner, DeliveryLog } from './provider-proof.ts';

/** Wrong codes in a minute that one address may try (docs/provider.md, "Limits"). */
const wrongCodesAllowed = 5;
/** Requests with a credential in an hour, for each device. */
const callsAllowed = 30;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export interface ProviderApiSetup {
  readonly certificates: Certificates;
  readonly accountOf: (address: string) => AccountSettings;
  /** Who may sign in to the mailboxes has changed. */
  readonly changed: (devices: readonly Device[]) => void;
}

/**
 * What its HTTPS does instead of working. `dropsAnswers`: everything happens and no answer arrives. `portal`: somebody
 * else answers. `forged`: signed by a key that nobody knows.
 */
export type ProviderApiMode = 'works' | 'busy' | 'dropsAnswers' | 'portal' | 'forged' | 'replays';

export interface CodeOptions {
  readonly expiresAt?: number;
  /** Whether the provider knows the account's Exchange. */
  readonly withExchange?: boolean;
}

export type DirectoryEntry = Omit<IdentityEntry, 'continuity'> & { readonly maySend: boolean };

export interface LabDrillReport {
  readonly matter: string;
  readonly window: { readonly from: number; readonly until: number };
  readonly address: string;
  readonly device: string;
  readonly outcome: 'worked' | 'couldNot';
  readonly error: string | null;
}

/** The continuity provider's API, as docs/provider.md specifies it. */
export class ProviderApi {
  mode: ProviderApiMode = 'works';
  /** Added to the provider's clock, in seconds. */
  clockError = 0;
  /** As whom an employee may write besides their own address, by address in lower case. */
  readonly directory = new Map<string, readonly DirectoryEntry[]>();
  /** What submission took. */
  readonly deliveryLog = new DeliveryLog();
  /** What is optional, and whether this provider offers it. */
  readonly offers = { deliveryLog: true, countersignatures: true, drillReports: true, drills: true };
  /** How drills went, as laptops have told: the file that IT gets (docs/provider.md, "Drills"). */
  readonly drillReports: LabDrillReport[] = [];
  /** "GET device" and the like, of every request so far. */
  readonly requests: string[] = [];
  readonly devices: ProviderDevices;
  readonly port: number;
  readonly #server: https.Server;
  readonly #setup: ProviderApiSetup;
  readonly #keys: Keys;
  readonly #countersigner = new Countersigner();
  readonly #codes = new Map<string, { readonly address: string } & Required<CodeOptions>>();
  readonly #wrongCodes: number[] = [];
  readonly #calls = new Map<string, readonly number[]>();
  #published = '';
  #lastAnswer = '';

  private constructor(server: https.Server, port: number, setup: ProviderApiSetup, keys: Keys) {
    this.#server = server;
    this.#setup = setup;
    this.#keys = keys;
    this.port = port;
    this.devices = new ProviderDevices(setup.changed);
    this.publishedAs(port);
  }

  static async start(setup: ProviderApiSetup): Promise<ProviderApi> {
    const { key, certificate } = setup.certificates;
    const [own, forger] = await Promise.all([newKey(), newKey()]);
    let api: ProviderApi | null = null;
    const server = https.createServer({ key, cert: certificate }, (request, response) => {
      void readAll(request)
        .then((body) => api?.answer(request, body))
        .then(
          (answer) => {
            if (answer === undefined || api?.mode === 'dropsAnswers') return response.destroy();
            response.writeHead(answer.status, answer.headers);
            return response.end(answer.body);
          },
          () => response.destroy(),
        );
    });
    const port = await listen(server);
    api = new ProviderApi(server, port, setup, { own, forger });
    return api;
  }

  /** The port that laptops know it by: the proxy in front of it. */
  publishedAs(port: number): void {
    this.#published = `https://localhost:${port}/relevo`;
  }

  /** For the policy: `continuity.provider`. */
  get published(): { readonly url: string; readonly signingKeys: readonly string[] } {
    return { url: this.#published, signingKeys: [this.#keys.own.thumbprint] };
  }

  /** A code that opens an employee's mailbox, as it is printed on a letter. */
  issueCode(address: string, options: CodeOptions = {}): string {
    const random = Array.from({ length: 15 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
    const code = `${random}${checkCharacter(random)}`;
    this.#codes.set(code, { address, expiresAt: Date.now() + 60 * minuteMs, withExchange: true, ...options });
    return printedCode(code);
  }

  /** The same as a link. */
  linkFor(code: string, scheme: 'https' | 'relevo' = 'https'): string {
    const { url, signingKeys } = this.published;
    const values = new URLSearchParams({ code, key: signingKeys[0] ?? '' });
    if (scheme === 'https') return `${url}/enrol#${values}`;
    values.set('provider', url);
    return `relevo://enrol?${values}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async answer(request: Request, body: string): Promise<Answer> {
    const path = (request.url ?? '').replace(/^\/relevo\/v1\//, '');
    const [name = '', query = ''] = path.split('?');
    const call = `${request.method ?? ''} ${name}`;
    this.requests.push(call);
    if (this.mode === 'portal')
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome to our Wi-Fi</h1>' };
    const nonce = request.headers['relevo-nonce'];
    if (typeof nonce !== 'string') return this.#refuse('', 400, 'request.invalid');
    if (this.mode === 'busy') return this.#refuse(nonce, 503, 'server.busy');
    if (this.mode === 'replays' && this.#lastAnswer !== '') return jose(200, this.#lastAnswer);
    if (call === 'POST enrolments') return this.#redeem(nonce, body);
    const signedIn = this.#signIn(request.headers.authorization ?? '');
    if (signedIn === null) return this.#refuse(nonce, 401, 'credential.refused');
    if (this.#isTooOften(signedIn)) return this.#waitALittle(nonce, 3600);
    if (signedIn.isRevoked) return this.#refuse(nonce, 403, 'device.revoked');
    return this.#forDevice(call, { nonce, query, body }, signedIn);
  }

  async #forDevice(
    call: string,
    { nonce, query, body }: { readonly nonce: string; readonly query: string; readonly body: string },
    device: Device,
  ): Promise<Answer> {
    switch (call) {
      case 'GET device':
        return this.#say('device', nonce, { credential: validityOf(device) });
      case 'POST device/credential': {
        const secret = this.devices.replaceSecret(device);
        return this.#say('credential', nonce, { credential: { secret, ...validityOf(device) } });
      }
      case 'GET identities': {
        const { displayName } = this.#setup.accountOf(device.address);
        const own = { address: device.address, displayName, kind: 'own', maySend: true };
        const others = this.directory.get(device.address.toLowerCase()) ?? [];
        return this.#say('identities', nonce, { identities: [own, ...others] });
      }
      case 'GET deliveries': {
        const messageId = new URLSearchParams(query).get('messageId') ?? '';
        if (!this.offers.deliveryLog || messageId === '') return this.#refuse(nonce, 404, 'request.invalid');
        return this.#say('deliveries', nonce, this.deliveryLog.of(device.address, messageId));
      }
      case 'POST ledger-heads': {
        if (!this.offers.countersignatures) return this.#refuse(nonce, 404, 'request.invalid');
        const checked = await this.#countersigner.check(readJson(body).head, device);
        if (!checked.ok) return this.#refuse(nonce, checked.error.status, checked.error.code);
        return this.#say('countersignature', nonce, checked.value);
      }
      case 'POST drill-reports': {
        if (!this.offers.drillReports) return this.#refuse(nonce, 404, 'request.invalid');
        const { matter, window, outcome, error = null } = readJson(body) as Partial<LabDrillReport>;
        if (typeof matter !== 'string' || window === undefined || outcome === undefined)
          return this.#refuse(nonce, 400, 'request.invalid');
        const { address, id } = device;
        // Told again, the last word counts.
        const before = this.drillReports.findIndex(
          (one) => one.device === id && one.matter === matter && one.window.from === window.from,
        );
        if (before >= 0) this.drillReports.splice(before, 1);
        this.drillReports.push({ matter, window, address, device: id, outcome, error });
        return this.#say('drill-report', nonce, { matter });
      }
      default:
        return this.#refuse(nonce, 404, 'request.invalid');
    }
  }

  async #redeem(nonce: string, body: string): Promise<Answer> {
    const now = Date.now();
    while ((this.#wrongCodes[0] ?? now) < now - minuteMs) this.#wrongCodes.shift();
    if (this.#wrongCodes.length >= wrongCodesAllowed) {
      return this.#waitALittle(nonce, 60);
    }
    const asked = readJson(body);
    const { redemption } = asked;
    const code = typeof asked.code === 'string' ? canonicalCode(asked.code) : null;
    if (code === null || typeof redemption !== 'string' || redemption.length < 22)
      return this.#refuse(nonce, 400, 'request.invalid');
    const issued = this.#codes.get(code);
    if (issued === undefined) {
      this.#wrongCodes.push(now);
      return this.#refuse(nonce, 404, 'code.unknown');
    }
    const before = this.devices.redeemedBy(code);
    if (before !== null && (before.redemption !== redemption || before.hasReplacedSecret))
      return this.#refuse(nonce, 409, 'code.used');
    // A device that has redeemed it gets its answer even when the code has run out since.
    if (before === null && issued.expiresAt < now) return this.#refuse(nonce, 410, 'code.expired');
    const device = before ?? this.devices.add(issued.address, code, redemption);
    const { address, displayName, exchange, continuity } = this.#setup.accountOf(device.address);
    const { imap, submission } = continuity;
    return this.#say('enrolment', nonce, {
      deviceId: device.id,
      credential: { user: device.id, secret: device.secret, ...validityOf(device) },
      account: {
        address,
        displayName,
        continuity: { imap, submission },
        ...(issued.withExchange ? { exchange } : {}),
      },
      signingKeys: this.published.signingKeys,
    });
  }

  #isTooOften({ id }: Device): boolean {
    const now = Date.now();
    const calls = [...(this.#calls.get(id) ?? []).filter((at) => at > now - hourMs), now];
    this.#calls.set(id, calls);
    return calls.length > callsAllowed;
  }

  async #waitALittle(nonce: string, seconds: number): Promise<Answer> {
    const refusal = await this.#refuse(nonce, 429, 'rate.limited');
    return { ...refusal, headers: { ...refusal.headers, 'retry-after': String(seconds) } };
  }

  #signIn(authorization: string): Device | null {
    const [, credentials = ''] = /^Basic (.+)$/.exec(authorization) ?? [];
    const [id = '', secret = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
    return this.devices.signIn(id, secret);
  }

  #refuse(nonce: string, status: number, code: string): Promise<Answer> {
    return this.#sign('error', nonce, { error: { code } }, status);
  }

  #say(kind: string, nonce: string, content: object): Promise<Answer> {
    return this.#sign(kind, nonce, content, 200);
  }

  async #sign(kind: string, nonce: string, content: object, status: number): Promise<Answer> {
    const { publicKey, privateKey } = this.mode === 'forged' ? this.#keys.forger : this.#keys.own;
    const iat = Math.floor(Date.now() / 1000) + this.clockError;
    this.#lastAnswer = await new CompactSign(Buffer.from(JSON.stringify({ nonce, iat, ...content })))
      .setProtectedHeader({ alg: 'EdDSA', typ: `relevo-${kind}+jws`, jwk: publicKey })
      .sign(privateKey);
    return jose(status, this.#lastAnswer);
  }
}

type Request = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const jose = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'application/jose', 'cache-control': 'no-store' },
  body,
});

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

interface SigningKey {
  readonly publicKey: JWK;
  readonly privateKey: CryptoKey;
  readonly thumbprint: string;
}

interface Keys {
  readonly own: SigningKey;
  readonly forger: SigningKey;
}

async function newKey(): Promise<SigningKey> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const publicKey = await exportJWK(pair.publicKey);
  return { publicKey, privateKey: pair.privateKey, thumbprint: await calculateJwkThumbprint(publicKey) };
}

const validityOf = ({ issuedAt, rotateAfter }: Device) => ({ issuedAt, rotateAfter });

function readJson(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
