import { randomUUID } from 'node:crypto';
import { browser, isHeadless, openAppWindow } from './chromium.ts';
import { pageOf } from './page.ts';
import type { Partition } from './partition.ts';
import { blankPage } from './requests.ts';

export interface Bounds {
  readonly x: number | null;
  readonly y: number | null;
  readonly width: number;
  readonly height: number;
}

export type WindowState = 'normal' | 'minimized' | 'maximized' | 'fullscreen';

/** Windows that a second Chromium was asked to open and that have not come yet, by their token. */
const expected = new Map<string, (targetId: string) => void>();

/** Hears of windows that come and go. */
export async function watchWindows(): Promise<void> {
  const root = browser();
  root.on('Target.targetCreated', ({ targetInfo: { targetId, url } }) => {
    const token = url.startsWith(blankPage) ? url.slice(blankPage.length) : '';
    expected.get(token)?.(targetId);
    expected.delete(token);
  });
  root.on('Target.targetInfoChanged', ({ targetInfo: { targetId, title, url } }) => {
    // Until it has a title, Chromium names a page by its address.
    if (title !== '' && !url.includes(title)) pageOf(targetId)?.emit('title', title);
  });
  root.on('Target.targetDestroyed', ({ targetId }) => pageOf(targetId)?.closed());
  await root.send('Target.setDiscoverTargets', { discover: true, filter: [{ type: 'page' }] });
}

/** Opens a window with an empty page in it; resolves to its target. */
export async function openWindow(partition: Partition, bounds: Bounds): Promise<string> {
  const { width, height } = bounds;
  if (isHeadless) {
    const context = await partition.browserContext();
    const { targetId } = await browser().send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      width,
      height,
      ...(context === null ? {} : { browserContextId: context }),
    });
    await setBounds(targetId, bounds);
    return targetId;
  }
  const token = randomUUID();
  const opened = new Promise<string>((resolve) => expected.set(token, resolve));
  openAppWindow(blankPage + token, width, height);
  const targetId = await opened;
  await setBounds(targetId, bounds);
  return targetId;
}

export async function setBounds(targetId: string, { x, y, width, height }: Bounds): Promise<void> {
  const { windowId } = await browser().send('Browser.getWindowForTarget', { targetId });
  // Without a screen a window is its content: Chromium's own bars are not counted.
  if (isHeadless) await browser().send('Browser.setContentsSize', { windowId, width, height });
  else
    await browser().send('Browser.setWindowBounds', {
      windowId,
      bounds: { width, height, ...(x === null ? {} : { left: x }), ...(y === null ? {} : { top: y }) },
    });
}

export async function setWindowState(targetId: string, windowState: WindowState): Promise<void> {
  if (isHeadless) return;
  const { windowId } = await browser().send('Browser.getWindowForTarget', { targetId });
  await browser().send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
}
