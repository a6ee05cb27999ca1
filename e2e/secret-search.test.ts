import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SecretSearch, textsInMemoryOf } from './secret-search.ts';

describe('the search for secrets', () => {
  const secret = 'correct horse battery';
  const search = new SecretSearch([secret, 'something else', new Uint8Array(32).fill(0xc3)]);

  const forms: Readonly<Record<string, Buffer>> = {
    'as it is': Buffer.from(`x${secret}y`),
    'in UTF-16': Buffer.from(`x${secret}y`, 'utf16le'),
    'in hexadecimal': Buffer.from(Buffer.from(secret).toString('hex')),
    'in base64': Buffer.from(Buffer.from(`${secret}tail`).toString('base64')),
    'in base64 after one byte': Buffer.from(Buffer.from(`a${secret}tail`).toString('base64')),
    'in base64 after two bytes': Buffer.from(Buffer.from(`ab${secret}tail`).toString('base64')),
  };
  it.each(Object.entries(forms))('finds one %s', (_form, bytes) => {
    expect(search.in(bytes)).toEqual([secret]);
  });

  it('finds a key by its bytes', () => {
    expect(search.in(Buffer.alloc(40, 0xc3))).toEqual(['c3'.repeat(32)]);
  });

  it('finds nothing where there is none', () => {
    expect(search.in(Buffer.from('correct horse and cart, something elsewhere is not said'))).toEqual([
      'something else',
    ]);
    expect(search.in(Buffer.from('correct horse and cart'))).toEqual([]);
    expect(search.in(Buffer.alloc(0))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('finds in the memory of a process what it holds', async () => {
    const held = `held-${randomUUID()}`;
    const child = spawn('sleep', ['600'], { env: { ...process.env, HELD: held }, stdio: 'ignore' });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    try {
      // Between fork and exec it is still a copy of this process.
      await expect.poll(() => readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('sleep\n');
      expect(new SecretSearch([held]).inMemoryOf(pid)).toEqual([held]);
      expect(textsInMemoryOf(pid, /held-[\da-f-]{36}/g)).toContain(held);
      expect(new SecretSearch([held]).inStartOf([pid])).toEqual([`${held} in environ of ${pid}`]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
