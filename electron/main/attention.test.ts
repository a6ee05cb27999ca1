import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attention } from '../../shared/model/attention.ts';
import { watchAttention } from './attention.ts';

/** What Electron tells of the system, by a test that stands for it. */
class System extends EventEmitter {
  idleSeconds = 0;
  isBattery = false;
  getSystemIdleTime(): number {
    return this.idleSeconds;
  }
  isOnBatteryPower(): boolean {
    return this.isBattery;
  }
}

describe('who sits before the laptop', () => {
  let system: System;
  let told: Attention[];
  let current: () => Attention;

  beforeEach(() => {
    vi.useFakeTimers();
    system = new System();
    told = [];
    const both = system as unknown as Parameters<typeof watchAttention>[0]['app'] &
      Parameters<typeof watchAttention>[0]['powerMonitor'];
    current = watchAttention({ app: both, powerMonitor: both }, (attention) => told.push(attention));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('works in the window, and for a minute after it was left', () => {
    expect(current()).toEqual({ presence: 'working', isOnBattery: false });
    system.emit('browser-window-blur');
    expect(current().presence).toBe('working');
    vi.advanceTimersByTime(90_000);
    expect(told.at(-1)?.presence).toBe('near');
    system.emit('browser-window-focus');
    expect(told.at(-1)?.presence).toBe('working');
  });

  it('is away after five minutes without any input, and while the screen is locked', () => {
    system.idleSeconds = 300;
    vi.advanceTimersByTime(30_000);
    expect(told.at(-1)?.presence).toBe('away');
    system.idleSeconds = 0;
    vi.advanceTimersByTime(30_000);
    expect(told.at(-1)?.presence).toBe('working');
    system.emit('lock-screen');
    expect(told.at(-1)?.presence).toBe('away');
    system.emit('unlock-screen');
    expect(told.at(-1)?.presence).toBe('working');
  });

  it('is told with the power, and only what is another', () => {
    system.isBattery = true;
    system.emit('on-battery');
    expect(told.at(-1)).toEqual({ presence: 'working', isOnBattery: true });
    const before = told.length;
    system.emit('browser-window-focus');
    vi.advanceTimersByTime(120_000);
    expect(told).toHaveLength(before);
  });
});
