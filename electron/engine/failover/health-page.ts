import type { Fetch } from '../net/https-fetch.ts';

/**
 * Whether an Exchange in the house says that it is well, e.g. https://mail.corp.example/owa/healthcheck.htm: 200 while it
 * is, anything else, or nothing within `longestMs`, while it is not. It speaks for one protocol on one server, and of IMAP never.
 */
export async function askHealthPage(
  fetch: Fetch,
  url: string,
  { signal, longestMs }: { readonly signal: AbortSignal; readonly longestMs: number },
): Promise<'open' | 'shut'> {
  try {
    const { status } = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
    });
    return status === 200 ? 'open' : 'shut';
  } catch {
    return 'shut';
  }
}
