import { describe, expect, it } from 'vitest';
import { redact } from './log.ts';

describe('redact', () => {
  it('takes addresses and long values out of texts and leaves codes, counts and short words', () => {
    expect(
      redact({
        text: 'from Anna <anna.b@corp.example> to bob@x',
        token: `Bearer ${'a1'.repeat(30)}`,
        code: 'network.timeout',
        count: 3,
      }),
    ).toEqual({
      text: 'from Anna <<address>> to <address>',
      token: 'Bearer <long value>',
      code: 'network.timeout',
      count: 3,
    });
  });
});
