import { describe, expect, it } from 'vitest';
import { type AppError, appError } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { type BackOff, createConnections } from './connections.ts';
import type { ImapSession } from './types.ts';

describe('the connections of an account', () => {
  let time = 0;
  let open = 0;
  let most = 0;
  let told: BackOff | null = null;

  function session(): ImapSession {
    open += 1;
    most = Math.max(most, open);
    const { promise: closed, resolve } = Promise.withResolvers<AppError>();
    const close = async (): Promise<void> => {
      open -= 1;
      resolve(appError('network.closed', 'soon'));
    };
    return { closed, close } as ImapSession;
  }
  const opener = (outcome: () => Result<ImapSession, AppError> = () => ok(session())) => {
    [time, open, most] = [0, 0, 0];
    return createConnections({
      now: () => time,
      openSession: async (_, backOff) => {
        told = backOff;
        return outcome();
      },
    });
  };
  const close = async (opened: Result<ImapSession, AppError>) =>
    opened.ok ? opened.value.close() : undefined;

  it('are three to a server at most, and whoever comes later waits for their turn', async () => {
    const connections = opener();
    const standing = await Promise.all([1, 2, 3].map(() => connections.open('primary')));
    const order: number[] = [];
    const later = [4, 5].map(async (name) => {
      const opened = await connections.open('primary');
      order.push(name);
      return opened;
    });
    await connections.open('continuity');
    expect(order).toEqual([]);
    for (const opened of standing.slice(0, 2)) await close(opened);
    await Promise.all(later);
    expect(order).toEqual([4, 5]);
    expect(most).toBe(4);
  });

  it('leave room again when they could not be opened', async () => {
    let isDown = true;
    const connections = opener(() => (isDown ? err(appError('network.unreachable', 'soon')) : ok(session())));
    for (let i = 0; i < 10; i += 1) expect((await connections.open('primary')).ok).toBe(false);
    isDown = false;
    const opened = await Promise.all([1, 2, 3].map(() => connections.open('primary')));
    expect(opened.map(({ ok: isOpen }) => isOpen)).toEqual([true, true, true]);
  });

  it('are not opened for as long as the server has asked for, and no longer', async () => {
    const connections = opener();
    await close(await connections.open('primary'));
    told?.told(92_415);
    told?.told(10);
    time = 92_414;
    const refused = await connections.open('primary');
    expect(refused).toMatchObject({ ok: false, error: { code: 'server.throttled', context: { waitMs: 1 } } });
    expect((await connections.open('continuity')).ok).toBe(true);
    time = 92_415;
    expect((await connections.open('primary')).ok).toBe(true);
  });
});
