import type { Fetch } from '../net/https-fetch.ts';

/** A page that takes longer is not well. */
const longestMs = 1000;

/**
 * Whether an Exchange in the house says that it is well, e.g. https://mail.corp.example/owa/healthcheck.htm: 200 while it
 * is, anything else or nothing while it is not. It speaks for one protocol on one server, and of IMAP never.
 */
export async function askHealthPage(
  fetch: Fetch,
  url: string,
  signal: AbortSignal,
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
