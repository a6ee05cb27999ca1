import type { App, PowerMonitor } from 'electron';
import type { Attention, Presence } from '../../shared/model/attention.ts';

/** Whoever had the window before them a moment ago still works in it, in milliseconds. */
const glanceMs = 60_000;
/** How often it is looked whether anybody is there, in milliseconds, and after how long without any input nobody is. */
const lookMs = 30_000;
const idleSeconds = 300;

/**
 * Who sits before the laptop and whether it is on battery, told whenever that changes, and yielded when asked: by the window's
 * focus, the lock of the screen, the time since the last input anywhere, and the power. What Exchange is asked, and how
 * often, follows from it.
 */
export function watchAttention(
  system: {
    readonly app: Pick<App, 'on'>;
    readonly powerMonitor: Pick<PowerMonitor, 'on' | 'getSystemIdleTime' | 'isOnBatteryPower'>;
  },
  tell: (attention: Attention) => void,
): () => Attention {
  const { app, powerMonitor } = system;
  let isLocked = false;
  let hasFocus = true;
  let leftAt = Number.NEGATIVE_INFINITY;
  let told: string | null = null;

  const presence = (): Presence => {
    if (isLocked || powerMonitor.getSystemIdleTime() >= idleSeconds) return 'away';
    return hasFocus || Date.now() - leftAt < glanceMs ? 'working' : 'near';
  };
  const current = (): Attention => ({
    presence: presence(),
    isOnBattery: powerMonitor.isOnBatteryPower(),
  });
  const look = (): void => {
    const attention = current();
    const fresh = JSON.stringify(attention);
    if (fresh === told) return;
    told = fresh;
    tell(attention);
  };
  const lock = (is: boolean) => (): void => {
    isLocked = is;
    look();
  };

  app.on('browser-window-focus', () => {
    hasFocus = true;
    look();
  });
  app.on('browser-window-blur', () => {
    hasFocus = false;
    leftAt = Date.now();
    look();
  });
  powerMonitor.on('lock-screen', lock(true));
  powerMonitor.on('unlock-screen', lock(false));
  powerMonitor.on('resume', look);
  powerMonitor.on('on-battery', look);
  powerMonitor.on('on-ac', look);
  setInterval(look, lookMs);
  return current;
}
