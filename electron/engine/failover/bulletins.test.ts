import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../shared/model/ids.ts';
import { upsertAccount } from '../cache/accounts.ts';
import { type Database, openDatabase } from '../cache/database.ts';
import type { Logger } from '../ports.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { type BulletinPayload, bulletinsIn, readBulletin } from './bulletin-format.ts';
import { type Bulletins, createBulletins } from './bulletins.ts';
import { type BulletinKey, signBulletin, thumbprintOf } from './sign-bulletin.ts';

const now = Date.UTC(2026, 10, 24, 20);
const seconds = now / 1000;
const day = 86_400;
const address = 'Anna@corp.example';

let it_: BulletinKey;
let next: BulletinKey;
let grave: BulletinKey;
let forger: BulletinKey;
beforeAll(async () => {
  [it_, next, grave, forger] = (await Promise.all(Array.from({ length: 4 }, newKey))) as [
    BulletinKey,
    BulletinKey,
    BulletinKey,
    BulletinKey,
  ];
});

async function newKey(): Promise<BulletinKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return (await exportJWK(privateKey)) as BulletinKey;
}

const outage: BulletinPayload = {
  issuer: 'Corp IT',
  matter: 'm-1',
  sequence: 7,
  kind: 'outage',
  iat: seconds - 60,
  exp: seconds + day,
};

interface Laptop {
  readonly bulletins: Bulletins;
  readonly refused: string[];
  readonly policy: { keys: string[]; graveKeys: string[]; groups: string[]; spreadSeconds: number };
  readonly clock: ManualClock;
  /** As after a restart. */
  again(): Laptop;
}

let db: Database;
let account: { readonly id: AccountId; readonly address: string };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relevo-bulletins-'));
  const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
  if (!opened.ok) throw new Error(opened.error.code);
  db = opened.value;
  account = { id: upsertAccount(db, { address, displayName: 'Anna' }), address };
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

async function laptop(): Promise<Laptop> {
  const policy = {
    keys: [await thumbprintOf(it_)],
    graveKeys: [await thumbprintOf(grave)],
    groups: ['sales'],
    spreadSeconds: 0,
  };
  const clock = new ManualClock(now);
  const start = (): Laptop => {
    const refused: string[] = [];
    const log: Logger = {
      info: () => {},
      warn: (event, fields) => void refused.push(`${event}: ${fields?.reason}`),
      child: () => log,
    };
    const options = { account, db, platform: 'linux', policy, clock, log, changed: () => {} };
    return { bulletins: createBulletins(options), refused, policy, clock, again: start };
  };
  return start();
}

const sign = (change: Partial<BulletinPayload>, key = it_): Promise<string> =>
  signBulletin({ ...outage, ...change }, key);

describe('bulletins that a laptop is given', () => {
  it('are believed when a trusted key signed them, and still are after a restart', async () => {
    const anna = await laptop();
    await anna.bulletins.take(await sign({}), 'board');
    expect(anna.bulletins.standing().decree).toBe('outage');
    expect(anna.again().bulletins.standing()).toEqual(anna.bulletins.standing());
    expect(anna.refused).toEqual([]);
  });

  const refusals: readonly [string, () => Promise<string>, string][] = [
    ['of a key that nobody trusts', () => sign({}, forger), 'key'],
    ['of an incident by the ordinary key', () => sign({ kind: 'incident' }), 'graveKey'],
    ['that has expired', () => sign({ iat: seconds - 2 * day, exp: seconds - day }), 'expired'],
    ['from the future', () => sign({ iat: seconds + day, exp: seconds + 2 * day }), 'future'],
    [
      'by a clock that is a year ahead',
      () => sign({ iat: seconds + 365 * day, exp: seconds + 366 * day }),
      'future',
    ],
    [
      'by a clock that is a year behind',
      () => sign({ iat: seconds - 365 * day, exp: seconds - 364 * day }),
      'expired',
    ],
    ['for somebody else', () => sign({ scope: { addresses: ['bob@corp.example'] } }), 'scope'],
    ['that is valid for too long', () => sign({ exp: seconds + 500 * day }), 'malformed'],
    ['without a window', () => sign({ kind: 'maintenance' }), 'malformed'],
    ['with a window that it does not need', () => sign({ window: { from: 1, until: 2 } }), 'malformed'],
    [
      'whose window ends before it begins',
      () => sign({ kind: 'drill', window: { from: 2, until: 1 } }),
      'malformed',
    ],
    ['with a condition that is not known', () => sign({ scope: { moon: ['full'] } as never }), 'malformed'],
    ['of a kind that is not known', () => sign({ kind: 'holiday' as never }), 'malformed'],
    ['with lines in its text', () => sign({ texts: { en: 'One\nTwo' } }), 'malformed'],
    ['with a text that turns around', () => sign({ texts: { en: 'moc.elgoog\u202e' } }), 'malformed'],
    ['with an issuer that turns around', () => sign({ issuer: '\u202eTI' }), 'malformed'],
    [
      'that is too large',
      () => sign({ scope: { groups: Array.from({ length: 200 }, () => 'x'.repeat(100)) } }),
      'oversized',
    ],
    [
      'whose words were changed',
      async () => {
        const [header, , signature] = (await sign({})).split('.');
        const changed = Buffer.from(JSON.stringify({ ...outage, sequence: 8 })).toString('base64url');
        return [header, changed, signature].join('.');
      },
      'signature',
    ],
    [
      'whose signature is another one’s',
      async () => {
        const [one, other] = [await sign({}), await sign({ sequence: 8 })];
        return [...one.split('.').slice(0, 2), other.split('.')[2]].join('.');
      },
      'signature',
    ],
    [
      'that names a trusted key and is signed by another',
      async () => {
        const { kty, crv, x } = it_;
        return signBulletin(outage, { kty, crv, x, d: forger.d }).catch(() => 'a.b.c');
      },
      '',
    ],
    ['that is signed by nothing', async () => `${unsigned({ alg: 'none' })}.`, 'malformed'],
    [
      'that is signed by a shared secret',
      () =>
        new SignJWT(outage as never)
          .setProtectedHeader({ alg: 'HS256', typ: 'relevo-bulletin+jws' })
          .sign(new TextEncoder().encode(it_.x)),
      'malformed',
    ],
    [
      'that is an answer of the provider and not a bulletin',
      async () => {
        const { CompactSign, importJWK } = await import('jose');
        return new CompactSign(Buffer.from(JSON.stringify(outage)))
          .setProtectedHeader({
            alg: 'EdDSA',
            typ: 'relevo-device+jws',
            jwk: { kty: 'OKP', crv: 'Ed25519', x: it_.x },
          })
          .sign(await importJWK(it_, 'EdDSA'));
      },
      'malformed',
    ],
  ];
  const unsigned = (header: object): string =>
    [header, outage].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');

  it.each(refusals)('are refused with one line in the log: one %s', async (_, make, reason) => {
    const anna = await laptop();
    const jws = await make();
    await anna.bulletins.take(jws, 'board');
    await anna.bulletins.take(jws, 'mail');
    if (reason !== '') expect(anna.refused).toEqual([`bulletin refused: ${reason}`]);
    expect(anna.bulletins.standing()).toMatchObject({ decree: 'none', notices: [] });
  });

  it('are refused when they are from before: what has ended does not begin again', async () => {
    const anna = await laptop();
    const first = await sign({});
    await anna.bulletins.take(first, 'board');
    await anna.bulletins.take(await sign({ kind: 'end', sequence: 8 }), 'board');
    expect(anna.bulletins.standing().decree).toBe('none');
    await anna.bulletins.take(first, 'mail');
    await anna.again().bulletins.take(first, 'file');
    expect(anna.again().bulletins.standing().decree).toBe('none');
    expect(anna.refused).toEqual(['bulletin refused: rolledBack']);
    await anna.bulletins.take(await sign({ kind: 'outage', sequence: 8 }), 'board');
    expect(anna.refused).toContain('bulletin refused: replayed');
    expect(anna.bulletins.standing().decree).toBe('none');
  });

  it('say nothing new when they come again, from wherever', async () => {
    const anna = await laptop();
    const jws = await sign({});
    for (const source of ['board', 'mail', 'file'] as const) await anna.bulletins.take(jws, source);
    expect(anna.refused).toEqual([]);
  });

  it('hold for those who are meant, in whatever way their address is written', async () => {
    const anna = await laptop();
    await anna.bulletins.take(
      await sign({ scope: { addresses: ['ANNA@CORP.example'], groups: ['sales'] } }),
      'board',
    );
    expect(anna.bulletins.standing().decree).toBe('outage');
  });

  it('an incident is declared and released by the grave key alone', async () => {
    const anna = await laptop();
    await anna.bulletins.take(await sign({ kind: 'incident' }, grave), 'board');
    await anna.bulletins.take(await sign({ kind: 'end', sequence: 8 }), 'board');
    expect(anna.bulletins.standing().decree).toBe('incident');
    anna.clock.sleep(1000 * day * 1000);
    expect(anna.again().bulletins.standing().decree).toBe('incident');
    anna.clock.sleep(-1000 * day * 1000);
    await anna.bulletins.take(await sign({ kind: 'end', sequence: 8 }, grave), 'mail');
    expect(anna.bulletins.standing().decree).toBe('none');
  });

  it('follow the policy’s keys: the next one takes over, and one that is taken out has said nothing', async () => {
    const anna = await laptop();
    const byNext = await sign({ kind: 'end', sequence: 8 }, next);
    await anna.bulletins.take(await sign({}), 'board');
    await anna.bulletins.take(byNext, 'board');
    expect(anna.bulletins.standing().decree).toBe('outage');
    anna.policy.keys.push(await thumbprintOf(next));
    await anna.bulletins.take(byNext, 'board');
    expect(anna.bulletins.standing().decree).toBe('none');

    await anna.bulletins.take(await sign({ sequence: Number.MAX_SAFE_INTEGER }), 'board');
    expect(anna.bulletins.standing().decree).toBe('outage');
    anna.policy.keys.shift();
    expect(anna.bulletins.standing().decree).toBe('none');
    await anna.bulletins.take(await sign({ sequence: 9 }, next), 'board');
    expect(anna.bulletins.standing().decree).toBe('outage');
  });

  it('a board says several things, and what is nonsense among them spoils nothing', async () => {
    const anna = await laptop();
    const board = [
      '# of Corp',
      '',
      await sign({ matter: 'other' }, forger),
      '<html>',
      await sign({}),
      'a.b.c',
    ];
    await anna.bulletins.take(board.join('\r\n'), 'board');
    expect(anna.bulletins.standing().decree).toBe('outage');
    expect(anna.refused.toSorted()).toEqual([
      'bulletin refused: key',
      'bulletin refused: malformed',
      'bulletin refused: malformed',
    ]);
    await anna.bulletins.take('x'.repeat(70_000), 'file');
    expect(anna.refused).toContain('bulletin refused: oversized');
  });
});

describe('a mail full of nonsense', () => {
  it('adds a few lines to the log at most', async () => {
    const anna = await laptop();
    const lines = Array.from({ length: 50 }, (_, index) => `a${index}.b.c`);
    await anna.bulletins.take(lines.join('\n'), 'mail');
    expect(anna.refused).toHaveLength(10);
  });
});

describe('whatever is taken for a bulletin', () => {
  const base64url = fc
    .uint8Array({ maxLength: 200 })
    .map((bytes) => Buffer.from(bytes).toString('base64url'));
  const jsonPart = fc.json().map((text) => Buffer.from(text).toString('base64url'));
  const garbage = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.tuple(base64url, base64url, base64url).map((parts) => parts.join('.')),
    fc.tuple(jsonPart, jsonPart, base64url).map((parts) => parts.join('.')),
  );

  it('is refused without a throw, and changes nothing', async () => {
    const anna = await laptop();
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { maxLength: 5 }), async (lines) => {
        await anna.bulletins.take(lines.join('\n'), 'mail');
        expect(anna.bulletins.standing()).toEqual({ decree: 'none', notices: [], nextAt: null });
      }),
    );
  });

  it('is refused when any byte of a good one is changed', async () => {
    const good = await sign({});
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.constantFrom(...'Aa0_-.'), async (at, other) => {
        fc.pre(good[at] !== other);
        const bad = good.slice(0, at) + other + good.slice(at + 1);
        const read = await readBulletin(bad);
        // The last character of a part has bits that nothing is made of.
        if (read.ok) expect(read.value).toEqual(((await readBulletin(good)) as typeof read).value);
      }),
    );
  });

  it('signed payloads of any shape are taken or refused, never thrown at', async () => {
    const value = fc.oneof(fc.constant(undefined), fc.jsonValue(), fc.integer(), fc.string());
    const payload = fc.record(
      Object.fromEntries([...Object.keys(outage), 'window', 'scope', 'texts'].map((name) => [name, value])),
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(payload, async (change) => {
        const anna = await laptop();
        await anna.bulletins.take(await sign(change as never), 'board');
        const { decree } = anna.again().bulletins.standing();
        expect(['none', 'outage']).toContain(decree);
      }),
      { numRuns: 60 },
    );
  });

  it('is divided into lines that can be bulletins, and a rest', () => {
    expect(bulletinsIn('# c\r\n a.b.c \n\nnonsense')).toEqual({ bulletins: ['a.b.c'], rest: 'nonsense' });
    expect(bulletinsIn('a.b.c\n'.repeat(51)).rest).toBe('a.b.c');
  });
});
