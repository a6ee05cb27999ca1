import { expect, it } from 'vitest';
import { livePart, livePolicy } from './live.ts';
import { defaultPolicy } from './resolve.ts';

it('shows the newest policy to those who hold it, in whole or in part', () => {
  const live = livePolicy(defaultPolicy);
  const part = livePart(live.policy, { windowDays: 'sync.windowDays' });
  expect(live.policy).toEqual(defaultPolicy);
  expect(part).toEqual({ windowDays: 30 });
  live.replace({ ...defaultPolicy, 'sync.windowDays': 7 });
  expect(live.policy['sync.windowDays']).toBe(7);
  expect(part.windowDays).toBe(7);
});

it('can be sent to another process as it is now', () => {
  const live = livePolicy(defaultPolicy);
  expect(structuredClone(live.policy)).toEqual(defaultPolicy);
});
