import { browser } from './chromium.ts';
import { type Frame, frameOf, type Page, pageOf } from './page.ts';
import type { Partition, RequestFilter, SchemeHandler } from './partition.ts';
import { domain, fromWeb, isOfScheme, policyToWeb, toWeb } from './web-url.ts';

/** Answered with an empty page: where a window begins. */
export const blankPage = `https://blank.${domain}/`;

/** How long a request may be ahead of the news about its frame, in milliseconds. */
const frameDeadline = 1000;

interface Paused {
  readonly requestId: string;
  readonly frameId: string;
  readonly resourceType: string;
  readonly redirectedRequestId?: string;
  readonly request: {
    readonly url: string;
    readonly urlFragment?: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly postDataEntries?: readonly { readonly bytes?: string }[];
  };
}

interface Source {
  readonly page: Page;
  readonly frame: Frame;
}

/**
 * Every request of every page stops here: navigation is asked about, the session's filter is heard, and what is for
 * one of the app's schemes is answered by its handler.
 */
export async function answerRequests(defaultPartition: Partition): Promise<void> {
  browser().on('Fetch.requestPaused', (paused) => {
    answer(paused, defaultPartition).catch(() => fail(paused, 'Failed'));
  });
  await browser().send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
}

const allow: RequestFilter = async () => ({ isCancelled: false, redirect: null });

async function answer(paused: Paused, defaultPartition: Partition): Promise<void> {
  const { request } = paused;
  if (request.url.startsWith(blankPage))
    return fulfill(paused, 200, [['content-type', 'text/html']], Buffer.alloc(0));
  const source = await sourceOf(paused.frameId);
  if (source === null && paused.resourceType === 'Document' && (await takePopup(paused))) return;
  const url = fromWeb(request.url + (request.urlFragment ?? ''));
  if (source !== null && paused.resourceType === 'Document' && paused.redirectedRequestId === undefined) {
    const isByApp = source.frame === source.page.mainFrame && source.page.takeNavigationByApp();
    if (!isByApp && !source.page.options.mayNavigate(source.frame, url)) return fail(paused, 'Aborted');
  }
  // Chromium looks for an icon by itself, Electron does not.
  if (paused.resourceType === 'Other' && request.url.endsWith('/favicon.ico')) return fail(paused, 'Aborted');

  const partition = source?.page.options.partition ?? defaultPartition;
  const filter = partition.filter ?? allow;
  const verdict = await filter({
    url,
    method: request.method,
    resourceType: paused.resourceType,
    referrer: fromWeb(header(request.headers, 'referer') ?? ''),
    page: source?.page ?? null,
    frame: source?.frame ?? null,
  });
  if (verdict.isCancelled) return fail(paused, 'BlockedByClient');
  if (verdict.redirect !== null)
    return fulfill(paused, 307, [['location', toWeb(verdict.redirect)]], Buffer.alloc(0));

  if (!isOfScheme(url)) {
    await browser().send('Fetch.continueRequest', { requestId: paused.requestId });
    return;
  }
  const handler = partition.handlers.get(url.slice(0, url.indexOf(':')));
  if (handler === undefined) return fail(paused, 'Failed');
  await serve(paused, url, handler);
}

async function serve(paused: Paused, url: string, handler: SchemeHandler): Promise<void> {
  const { method, headers, postDataEntries = [] } = paused.request;
  const body = Buffer.concat(postDataEntries.map(({ bytes = '' }) => Buffer.from(bytes, 'base64')));
  const native = Object.entries(headers).map(([name, value]): [string, string] => [name, fromWeb(value)]);
  // A fragment never leaves the page.
  const request = new Request(url.replace(/#.*$/s, ''), {
    method,
    headers: native,
    ...(body.length > 0 ? { body } : {}),
  });
  const response = await handler(request);
  const answered = [...response.headers].map(([name, value]): [string, string] => [
    name,
    name.startsWith('content-security-policy') ? policyToWeb(value) : toWeb(value),
  ]);
  await fulfill(paused, response.status, answered, Buffer.from(await response.arrayBuffer()));
}

/** A link that opens a window made Chromium open one; it is closed, and the page that wanted it is told. */
async function takePopup(paused: Paused): Promise<boolean> {
  const targetId = paused.frameId;
  const found = await browser()
    .send('Target.getTargetInfo', { targetId })
    .catch(() => null);
  if (found?.targetInfo.type !== 'page') return false;
  const opener = pageOf(found.targetInfo.openerId ?? '');
  await fail(paused, 'Aborted');
  await browser()
    .send('Target.closeTarget', { targetId })
    .catch(() => {});
  opener?.options.openWindow({ url: fromWeb(paused.request.url), frameName: '', features: '' });
  return true;
}

/** A request may come before the news that its frame exists. */
async function sourceOf(frameId: string): Promise<Source | null> {
  const known = frameOf(frameId);
  if (known !== null || frameId === '') return known;
  const target = await browser()
    .send('Target.getTargetInfo', { targetId: frameId })
    .catch(() => null);
  if (target?.targetInfo.type === 'page') return frameOf(frameId);
  const deadline = performance.now() + frameDeadline;
  while (frameOf(frameId) === null && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return frameOf(frameId);
}

async function fulfill(
  paused: Paused,
  responseCode: number,
  headers: readonly (readonly [string, string])[],
  body: Buffer,
): Promise<void> {
  await browser().send('Fetch.fulfillRequest', {
    requestId: paused.requestId,
    responseCode,
    responseHeaders: headers.map(([name, value]) => ({ name, value })),
    body: body.toString('base64'),
  });
}

async function fail(paused: Paused, errorReason: 'Aborted' | 'BlockedByClient' | 'Failed'): Promise<void> {
  await browser()
    .send('Fetch.failRequest', { requestId: paused.requestId, errorReason })
    // The page that asked is gone.
    .catch(() => {});
}

function header(headers: Readonly<Record<string, string>>, wanted: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
}
