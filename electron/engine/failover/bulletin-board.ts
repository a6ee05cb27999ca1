import { readFile, stat } from 'node:fs/promises';
import type { AppError } from '../../../shared/errors.ts';
import { networkFailureOf } from '../net/failure.ts';
import type { Fetch } from '../net/https-fetch.ts';
import type { Clock, Logger, Random } from '../ports.ts';
import { largestBoard } from './bulletin-format.ts';
import type { BulletinSource } from './bulletins.ts';

export interface BulletinBoardOptions {
  /** Read whenever it is needed. */
  readonly policy: {
    /** https; every one of them is asked, so that none can withhold what another says. */
    readonly urls: readonly string[];
    readonly file: string | null;
    readonly pollSeconds: number;
  };
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Hears all that the places say, at every poll: what was refused once may be believed later. */
  readonly heard: (board: string, source: BulletinSource) => Promise<void>;
}

/** Asks the places where bulletins are posted, cheaply: what has not changed is not sent again (RFC 9110, ETag). */
export interface BulletinBoard {
  start(): void;
  stop(): Promise<void>;
  /** Asks at once: the laptop woke, or the policy has changed. */
  poke(): void;
  /**
   * Resolves when what was asked at the start, or by the last `poke`, has been heard; at the latest after a moment, since
   * a board that hangs holds up nobody.
   */
  asked(): Promise<void>;
}

const longestHeadStartMs = 3_000;

interface Place {
  readonly posted: string | null;
  readonly etag: string | null;
  /** Why it was not understood or reached; logged when it is another reason. */
  readonly failure: string | null;
}

const unknown: Place = { posted: null, etag: null, failure: null };

export function createBulletinBoard(options: BulletinBoardOptions): BulletinBoard {
  const { policy, fetch, clock, random, log, heard } = options;
  const places = new Map<string, Place>();
  const stopping = new AbortController();
  let polling: Promise<void> | null = null;
  let isPoked = false;
  let headStart: Promise<void> = Promise.resolve();
  let cancel = (): void => {};

  /** Three quarters of the time to five quarters of it, so that laptops that start together do not stay together. */
  const pauseMs = (): number => policy.pollSeconds * (750 + ((random.bytes(1)[0] ?? 0) / 256) * 500);

  async function ask(url: string): Promise<Place> {
    const before = places.get(url) ?? unknown;
    try {
      const response = await fetch(url, {
        headers: before.etag === null ? {} : { 'if-none-match': before.etag },
        signal: stopping.signal,
      });
      if (response.status === 304) return { ...before, failure: null };
      if (response.status !== 200) return failed(before, `status ${response.status}`);
      const posted = await response.text();
      if (posted.length > largestBoard) return failed(before, 'oversized');
      return { posted, etag: response.headers.get('etag'), failure: null };
    } catch (error) {
      const failure: AppError | null = networkFailureOf(error);
      return failed(before, failure?.code ?? 'network.closed');
    }
  }

  async function read(file: string): Promise<Place> {
    const before = places.get(file) ?? unknown;
    try {
      const { size, mtimeMs } = await stat(file);
      if (size > largestBoard) return failed(before, 'oversized');
      const etag = `${size} ${mtimeMs}`;
      if (before.etag === etag) return { ...before, failure: null };
      const posted = await readFile(file, 'utf8');
      // It may have grown meanwhile.
      return posted.length > largestBoard ? failed(before, 'oversized') : { posted, etag, failure: null };
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      return isMissing ? unknown : failed(before, 'unreadable');
    }
  }

  function failed(before: Place, failure: string): Place {
    if (before.failure !== failure && !stopping.signal.aborted) log.warn('bulletins not read', { failure });
    return { ...before, failure };
  }

  async function pollOnce(): Promise<void> {
    const { urls, file } = policy;
    const asked = urls.map((url) => [url, ask(url)] as const);
    if (file !== null) asked.push([file, read(file)]);
    for (const name of places.keys()) if (name !== file && !urls.includes(name)) places.delete(name);
    await Promise.all(
      asked.map(async ([name, asking]) => {
        const place = await asking;
        if (stopping.signal.aborted) return;
        places.set(name, place);
        if (place.posted !== null) await heard(place.posted, name === file ? 'file' : 'board');
      }),
    );
  }

  async function pollWhilePoked(): Promise<void> {
    while (isPoked && !stopping.signal.aborted) {
      isPoked = false;
      await pollOnce();
    }
  }

  function poll(): void {
    cancel();
    if (stopping.signal.aborted) return;
    isPoked = true;
    polling ??= pollWhilePoked().finally(() => {
      polling = null;
      if (!stopping.signal.aborted) cancel = clock.after(pauseMs(), poll);
    });
  }

  function pollNow(): void {
    poll();
    const { urls, file } = policy;
    if (polling === null || (urls.length === 0 && file === null)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancelLimit = clock.after(longestHeadStartMs, resolve);
    void polling.finally(() => {
      cancelLimit();
      resolve();
    });
    headStart = promise;
  }

  return {
    start: pollNow,
    stop: async () => {
      stopping.abort();
      cancel();
      await polling;
    },
    poke: pollNow,
    asked: () => headStart,
  };
}
