import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { CompactSign, exportJWK, generateKeyPair, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ChainEnd, emptyChain, type LedgerFact, lineAfter } from './chain.ts';
import { type LedgerKey, ledgerFile, signHead, verifyLedgerFile } from './ledger-file.ts';

const fact = (n: number): LedgerFact => ({
  account: 'anna@corp.example',
  at: new Date(1_790_000_000_000 + n).toISOString(),
  outage: 1,
  entry: n + 1,
  message: `${n}@corp.example`,
  direction: n % 2 === 0 ? 'sent' : 'received',
  counterpart: 'bert@partner.example',
  sentAt: new Date(1_780_000_000_000 + n).toISOString(),
  event: 'recorded',
  route: 'continuity',
  answer: '250 2.0.0 Grüße',
  folder: null,
  uid: null,
  reason: null,
});

function chainOf(facts: readonly LedgerFact[]): {
  readonly written: readonly string[];
  readonly end: ChainEnd;
} {
  const written: string[] = [];
  let end = emptyChain;
  for (const one of facts) {
    const next = lineAfter(end, one);
    written.push(next.written);
    end = { count: end.count + 1, hash: next.hash };
  }
  return { written, end };
}

describe('the exported ledger', () => {
  const { written, end } = chainOf(Array.from({ length: 6 }, (_, n) => fact(n)));
  const signedAt = '2026-11-24T12:00:00.000Z';
  let head: string;
  let file: string;

  const newKey = async (): Promise<LedgerKey> =>
    (await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey)) as LedgerKey;

  beforeAll(async () => {
    head = await signHead({ account: 'anna@corp.example', end, signedAt }, await newKey());
    file = ledgerFile(written, head);
  });
  const faultOf = async (text: string) => {
    const verified = await verifyLedgerFile(text);
    return verified.ok ? null : verified.error;
  };

  it('verifies as it was written, and when it is empty', async () => {
    expect(await verifyLedgerFile(file)).toMatchObject({
      ok: true,
      value: { account: 'anna@corp.example', signedAt, lines: { length: 6 } },
    });
    const nothing = await signHead(
      { account: 'anna@corp.example', end: emptyChain, signedAt },
      await newKey(),
    );
    expect(await faultOf(ledgerFile([], nothing))).toBeNull();
  });

  it('shows a line that was changed, even where the lines after it were made to follow', async () => {
    const edited = written.map((one, n) => (n === 2 ? one.replace('bert@', 'eve@') : one));
    expect(await faultOf(ledgerFile(edited, head))).toEqual({ kind: 'line', line: 4 });
    const chained = chainOf([
      fact(0),
      fact(1),
      { ...fact(2), counterpart: 'eve@x.example' },
      fact(3),
      fact(4),
      fact(5),
    ]);
    expect(await faultOf(ledgerFile(chained.written, head))).toEqual({ kind: 'end', told: 6, found: 6 });
  });

  it('shows a change to the last line', async () => {
    const edited = written.map((one, n) => (n === 5 ? one.replace('bert@', 'eve@') : one));
    expect(await faultOf(ledgerFile(edited, head))).toEqual({ kind: 'end', told: 6, found: 6 });
  });

  it('shows a line that was dropped, put in, or put elsewhere', async () => {
    expect(await faultOf(ledgerFile(written.toSpliced(2, 1), head))).toEqual({ kind: 'line', line: 3 });
    expect(await faultOf(ledgerFile(written.toSpliced(2, 0, written[1] ?? ''), head))).toEqual({
      kind: 'line',
      line: 3,
    });
    expect(await faultOf(ledgerFile(written.toReversed(), head))).toEqual({ kind: 'line', line: 1 });
  });

  it('shows that the end was cut off, with or without the head', async () => {
    expect(await faultOf(ledgerFile(written.slice(0, 4), head))).toEqual({ kind: 'end', told: 6, found: 4 });
    expect(await faultOf(`${written.join('\n')}\n`)).toEqual({ kind: 'head' });
    expect(await faultOf(file.slice(0, -1))).toEqual({ kind: 'head' });
  });

  it('verifies the vector of docs/ledger.md, by the device that it names', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/ledger.md'), 'utf8');
    const vector = /```text ledger\n([^`]+)```/.exec(page)?.[1] ?? '';
    const device = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';
    const both = { devices: new Set([device]), providers: new Set([device]) };
    expect(await verifyLedgerFile(vector, both)).toMatchObject({
      ok: true,
      value: {
        device,
        lines: [{ answer: '250 2.0.0' }, { folder: 'Sent Items', uid: 412 }, { change: 'archive' }],
        countersigned: { provider: device, at: '2027-01-15T08:00:00.000Z' },
      },
    });
    expect(await faultOf(vector.replace('412', '413'))).toEqual({ kind: 'line', line: 3 });
    expect(await faultOf(vector.replace('"archive"', '"delete"'))).toEqual({
      kind: 'end',
      told: 3,
      found: 3,
    });
    const others = { devices: null, providers: new Set(['another']) };
    expect(await verifyLedgerFile(vector, others)).toMatchObject({ error: { kind: 'countersignature' } });
  });

  it('shows where a provider is demanded that has signed nothing, or another head', async () => {
    const providers = new Set(['provider']);
    expect(await verifyLedgerFile(file, { devices: null, providers })).toMatchObject({
      error: { kind: 'countersignature' },
    });
    const key = await newKey();
    const { kty, crv, x } = key;
    const signature = async (over: string) =>
      new CompactSign(
        Buffer.from(
          JSON.stringify({
            iat: 1_800_000_000,
            head: createHash('sha256').update(over).digest('base64url'),
            account: 'Anna@corp.example',
          }),
        ),
      )
        .setProtectedHeader({ alg: 'EdDSA', typ: 'relevo-countersignature+jws', jwk: { kty, crv, x } })
        .sign(await importJWK(key, 'EdDSA'));
    expect(await faultOf(ledgerFile(written, head, await signature(head)))).toBeNull();
    const madeAnew = await signHead(
      { account: 'anna@corp.example', end, signedAt: '2026-11-25T12:00:00.000Z' },
      key,
    );
    expect(await faultOf(ledgerFile(written, madeAnew, await signature(head)))).toEqual({
      kind: 'countersignature',
    });
  });

  it('shows a head signed by another device, where it is known who is to be believed', async () => {
    const verified = await verifyLedgerFile(file);
    const device = verified.ok ? verified.value.device : '';
    const forged = ledgerFile(
      written,
      await signHead({ account: 'anna@corp.example', end, signedAt }, await newKey()),
    );
    expect((await verifyLedgerFile(file, { devices: new Set([device]), providers: null })).ok).toBe(true);
    expect(await verifyLedgerFile(forged, { devices: new Set([device]), providers: null })).toEqual({
      ok: false,
      error: { kind: 'head' },
    });
  });

  it('shows every change of a character, every cut and every rearrangement of lines', async () => {
    const change = fc.oneof(
      fc
        .tuple(fc.nat(file.length - 1), fc.string({ minLength: 1, maxLength: 1 }))
        .map(([at, by]) => file.slice(0, at) + by + file.slice(at + 1)),
      fc.tuple(fc.nat(file.length), fc.nat(file.length)).map(([one, other]) => {
        const [from, to] = one < other ? [one, other] : [other, one];
        return file.slice(0, from) + file.slice(to);
      }),
      fc.array(fc.nat(written.length - 1), { maxLength: 9 }).map((order) =>
        ledgerFile(
          order.map((n) => written[n] ?? ''),
          head,
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(change, async (tampered) => {
        fc.pre(tampered !== file);
        expect(await faultOf(tampered)).not.toBeNull();
      }),
      { numRuns: 400 },
    );
  });
});
