import { existsSync, readFileSync } from 'node:fs';
import type { AccountSummary } from '../../../../../shared/model/account.ts';
import type { PlacementKind } from '../../../../../shared/model/conversation.ts';
import type { ServerSettings } from '../../../../../shared/policy/account-settings.ts';
import type { Credentials } from '../../../mail/types.ts';
import { MortalPool, MortalProcess } from '../../../testing/mortal-process.ts';

export interface Begin {
  readonly databaseFile: string;
  readonly account: AccountSummary;
  readonly authorities: readonly string[];
  readonly imap: ServerSettings;
  readonly credentials: Credentials;
  readonly clock: { readonly factor: number; readonly start: number };
  readonly policy: typeof busyPolicy;
  /** It kills itself at this point, counted from 1; null: it lives. */
  readonly diesAfter: number | null;
}

/** Looks at everything again and again. */
export const busyPolicy = {
  windowDays: 30,
  largestAttachmentMegabytes: 25,
  diskMegabytes: 0,
  leftOutFolders: [] as readonly string[],
  pollSeconds: 2,
  lookThroughSeconds: 4,
};

export interface Act {
  readonly kind: 'read' | 'unread' | 'star' | 'unstar' | Exclude<PlacementKind, 'destroy'>;
  /** Which conversation. */
  readonly pick: number;
  /** Of a move. */
  readonly folder: string | null;
}

/** Subjects of the messages that it concerned, and where they are wanted. */
export interface Acted {
  readonly messages: readonly string[];
  readonly folder: string | null;
}

export interface Rested {
  /** Why it is not at rest; null: it is. */
  readonly reason: string | null;
  readonly points: number;
}

export type Ask =
  | { readonly kind: 'begin'; readonly begin: Begin }
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'rest'; readonly patienceMs: number }
  | { readonly kind: 'work'; readonly points: number; readonly patienceMs: number }
  | { readonly kind: 'dieAfter'; readonly points: number }
  | { readonly kind: 'poke' | 'stop' };

/** Engines at the ready. */
export class EnginePool extends MortalPool<Engine> {
  constructor() {
    super(new URL('./engine-child.ts', import.meta.url), (child) => new Engine(child));
  }
}

/** The engine's sync in a process of its own. */
export class Engine extends MortalProcess<Ask> {
  begin(begin: Begin): Promise<unknown> {
    return this.ask({ kind: 'begin', begin });
  }
  act(act: Act): Promise<Acted | null> {
    return this.ask({ kind: 'act', act });
  }
  rest(patienceMs: number): Promise<Rested | null> {
    return this.ask({ kind: 'rest', patienceMs });
  }
  /** Resolves when it has done so much, or is idle for `patienceMs`. True: done; null: dead. */
  work(points: number, patienceMs: number): Promise<boolean | null> {
    return this.ask({ kind: 'work', points, patienceMs });
  }
  dieAfter(points: number): Promise<null> {
    return this.ask({ kind: 'dieAfter', points });
  }
  poke(): Promise<null> {
    return this.ask({ kind: 'poke' });
  }
  /** Ends in peace; yields how many points there were. */
  async stop(): Promise<number | null> {
    const points = await this.ask<number>({ kind: 'stop' });
    await this.letGo();
    return points;
  }

  /** In bytes; 0 where the system does not tell. */
  peakMemory(): number {
    const file = `/proc/${this.child.pid}/status`;
    const peak = existsSync(file) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8')) : null;
    return Number(peak?.[1] ?? 0) * 1024;
  }
}
