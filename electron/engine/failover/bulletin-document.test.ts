import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BulletinPayload, readBulletin } from './bulletin-format.ts';
import { refusalOf, shareOf } from './core/bulletin.ts';
import { type BulletinKey, signBulletin, thumbprintOf } from './sign-bulletin.ts';

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

const key = json<BulletinKey>('signing-key');
const now = 1_800_000_000_000;
const kinds = ['outage', 'maintenance', 'incident', 'end'] as const;

interface Schema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}

async function verdictOn(jws: string): Promise<string | null> {
  const read = await readBulletin(jws);
  if (!read.ok) return read.error;
  const trusted = { keys: [], graveKeys: [await thumbprintOf(key)] };
  return refusalOf(read.value.bulletin, read.value.key, null, trusted, now);
}

describe('the bulletins of docs/provider.md', () => {
  it.each(kinds)('are signed as it says: %s', async (kind) => {
    expect(await signBulletin(json(`payload-bulletin-${kind}`), key)).toBe(block(`jws-bulletin-${kind}`));
  });

  it.each(kinds)('are believed: %s', async (kind) => {
    expect(await verdictOn(block(`jws-bulletin-${kind}`))).toBeNull();
  });

  it('are refused for the reasons that it says', async () => {
    const refused = json<readonly { why: string; jws: string }[]>('bulletins-refused');
    expect(refused.length).toBeGreaterThan(3);
    for (const { why, jws } of refused) expect(await verdictOn(jws), jws).toBe(why);
  });

  it('have the members of the schema: required what is required, and no more', async () => {
    const { required, properties } = json<Schema>('schema-bulletin');
    const payload = { ...json<BulletinPayload>('payload-bulletin-maintenance'), scope: { percentage: 100 } };
    expect(Object.keys(payload).toSorted()).toEqual(Object.keys(properties).toSorted());
    for (const name of required) {
      const changed = Object.fromEntries(Object.entries(payload).filter(([other]) => other !== name));
      expect(await verdictOn(await signBulletin(changed as never, key)), name).toBe('malformed');
    }
    const { scope: _scope, texts: _texts, ...least } = payload;
    expect(await verdictOn(await signBulletin(least, key))).toBeNull();
    expect(await verdictOn(await signBulletin({ ...least, later: 'version' } as never, key))).toBeNull();
  });

  it('concern the same people everywhere', () => {
    for (const { text, share } of json<readonly { text: string; share: number }[]>('bulletin-shares'))
      expect(shareOf(text)).toBeCloseTo(share, 2);
  });
});
