import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompactSign, calculateJwkThumbprint, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import type { AppError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { canonicalCode, printedCode } from './core/code.ts';
import { readTicket } from './core/ticket.ts';
import { createProviderClient, type DrillReport, type ProviderClient } from './provider-client.ts';

/** The blocks of docs/provider.md, by the name that stands behind their language. */
const blocks = new Map(
  [
    ...readFileSync(join(import.meta.dirname, '../../../docs/provider.md'), 'utf8').matchAll(
      /^```\w+ (\S+)\n([\s\S]*?)\n```$/gm,
    ),
  ].map(([, name = '', content = '']) => [name, content]),
);

function block(name: string): string {
  const content = blocks.get(name);
  if (content === undefined) throw new Error(`docs/provider.md has no block ${name}`);
  return content;
}
const json = <T>(name: string): T => JSON.parse(block(name)) as T;

interface Payload extends Readonly<Record<string, unknown>> {
  readonly nonce: string;
  readonly iat: number;
}
interface Schema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

const signingKey = json<JWK>('signing-key');
const { kty, crv, x } = signingKey as { kty: string; crv: string; x: string };
const publicKey: JWK = { kty, crv, x };
const credential = { deviceId: 'dev-7f3a', secret: 'a secret' };
const kinds = [
  'enrolment',
  'credential',
  'device',
  'identities',
  'deliveries',
  'countersignature',
  'drill-report',
] as const;
type Kind = (typeof kinds)[number];

const asking: Readonly<Record<Kind, (client: ProviderClient) => Promise<Result<unknown, AppError>>>> = {
  enrolment: (client) =>
    client.redeem({ code: '', redemption: '', device: { platform: 'linux', name: 'laptop' } }),
  credential: (client) => client.rotate(credential),
  device: (client) => client.device(credential),
  identities: (client) => client.identities(credential),
  deliveries: (client) => client.deliveries(credential, 'report.1@corp.example'),
  countersignature: (client) => client.countersign(credential, block('ledger-head')),
  'drill-report': (client) => client.reportDrill(credential, json<DrillReport>('drill-outcome')),
};

/** A client that asks at the moment and with the nonce of the vectors, and is answered by `jws`. */
async function clientAnswered(jws: string): Promise<ProviderClient> {
  const { nonce, iat } = json<Payload>('payload-device');
  return createProviderClient(
    { url: 'https://continuity.example', signingKeys: [await calculateJwkThumbprint(publicKey)] },
    {
      fetch: async () => new Response(jws, { headers: { 'content-type': 'application/jose' } }),
      clock: { now: () => iat * 1000, after: () => () => {} },
      random: { bytes: () => new Uint8Array(Buffer.from(nonce, 'base64url')), uuid: () => '' },
    },
  );
}

async function sign(kind: string, payload: unknown): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', typ: `relevo-${kind}+jws`, jwk: publicKey })
    .sign(await importJWK(signingKey, 'EdDSA'));
}

type Path = readonly string[];

/** Every member that the schema requires, as the path to it. */
function requiredIn(schema: Schema, at: Path = []): readonly Path[] {
  const own = (schema.required ?? []).map((name) => [...at, name]);
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
    requiredIn(part, [...at, name]),
  );
  const items = schema.items === undefined ? [] : requiredIn(schema.items, [...at, '0']);
  return [...own, ...inner, ...items];
}

/** Every member that the schema names and does not require. */
function optionalIn(schema: Schema): readonly Path[] {
  const required = new Set(schema.required);
  return Object.keys(schema.properties ?? {})
    .filter((name) => !required.has(name))
    .map((name) => [name]);
}

function without(value: unknown, [first = '', ...rest]: Path): unknown {
  const copy = structuredClone(value) as Record<string, unknown>;
  if (rest.length === 0) delete copy[first];
  else copy[first] = without(copy[first], rest);
  return copy;
}

describe('docs/provider.md', () => {
  it('names a key and its fingerprint', async () => {
    expect(block('link-https')).toContain(`key=${await calculateJwkThumbprint(publicKey)}`);
  });

  it('shows codes as they may be typed', () => {
    const { good, bad } = json<{ good: { typed: string; code: string }[]; bad: string[] }>('codes');
    for (const { typed, code } of good) expect(canonicalCode(typed), typed).toBe(code);
    for (const typed of bad) expect(canonicalCode(typed), typed).toBeNull();
  });

  it.each(['link-https', 'link-relevo'])('shows a link that can be read: %s', (name) => {
    const ticket = readTicket(block(name), null);
    expect(ticket).toMatchObject({
      ok: true,
      value: { provider: { url: 'https://continuity.example/relevo' } },
    });
    expect(ticket.ok && printedCode(ticket.value.code)).toBe(/code=([\w-]+)/.exec(block(name))?.[1]);
  });

  it.each([...kinds, 'error'])('signs a %s as it says', async (kind) => {
    expect(await sign(kind, json(`payload-${kind}`))).toBe(block(`jws-${kind}`));
    expect(decodeProtectedHeader(block(`jws-${kind}`)).typ).toBe(`relevo-${kind}+jws`);
  });

  it.each(kinds)('shows a %s that is understood', async (kind) => {
    expect(await asking[kind](await clientAnswered(block(`jws-${kind}`)))).toMatchObject({ ok: true });
  });

  it('shows an error that is understood', async () => {
    const client = await clientAnswered(block('jws-error'));
    expect(await client.device(credential)).toMatchObject({ error: { code: 'auth.deviceRevoked' } });
  });

  it.each(kinds)('requires of a %s what is required, and no more', async (kind) => {
    const schema = json<Schema>(`schema-${kind}`);
    const payload = json(`payload-${kind}`);
    const accepts = async (changed: unknown) =>
      (await asking[kind](await clientAnswered(await sign(kind, changed)))).ok;
    const required = requiredIn(schema);
    expect(required.length).toBeGreaterThan(2);
    for (const path of required)
      expect(await accepts(without(payload, path)), `without ${path.join('.')}`).toBe(false);
    for (const path of optionalIn(schema))
      expect(await accepts(without(payload, path)), `without ${path.join('.')}`).toBe(true);
    expect(await accepts({ ...(payload as object), later: 'version' })).toBe(true);
  });

  it('lets one kind of answer not pass for another', async () => {
    const client = await clientAnswered(block('jws-credential'));
    expect(await client.device(credential)).toMatchObject({ error: { code: 'server.protocol' } });
  });
});
