import type { ContractMethods } from '../../../../shared/contract/index.ts';
import type { AppError } from '../../../../shared/errors.ts';
import type { Policy } from '../../../../shared/policy/settings.ts';
import type { Result } from '../../../../shared/result.ts';
import { MortalPool, MortalProcess } from '../../testing/mortal-process.ts';

export interface Begin {
  readonly databaseFile: string;
  readonly policy: Policy;
  /** By "provider:address". */
  readonly secrets: Readonly<Record<string, string>>;
  readonly clock: { readonly factor: number; readonly start: number };
  /** It kills itself at this point, counted from 1; null: it lives. */
  readonly diesAt: number | null;
}

export type Ask =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'begin'; readonly begin: Begin }
  | { readonly kind: 'call'; readonly method: string; readonly input: unknown }
  | { readonly kind: 'rest'; readonly patienceMs: number }
  | { readonly kind: 'away' | 'sent'; readonly patienceMs: number }
  | { readonly kind: 'work'; readonly points: number; readonly patienceMs: number }
  | { readonly kind: 'dieAfter'; readonly points: number }
  | { readonly kind: 'jump'; readonly ms: number }
  | { readonly kind: 'disk'; readonly isFull: boolean }
  | { readonly kind: 'woke' | 'points' | 'stop' };

/** What it says of itself: secrets that were replaced, and where it dies. */
export type Note =
  | { readonly kind: 'secret'; readonly name: string; readonly value: string }
  | { readonly kind: 'log'; readonly line: string };

type Methods = ContractMethods<'engine'>;

/**
 * The whole engine, as main starts it, in a process of its own: it dies where it is told to, lives by a clock that is fast and
 * may jump, and on a disk that may be full.
 */
export class EngineProcess extends MortalProcess<Ask> {
  readonly log: string[] = [];
  replaced: (name: string, value: string) => void = () => {};

  /** Resolves when its code is there. */
  loaded(): Promise<null> {
    return this.ask({ kind: 'loaded' });
  }
  begin(begin: Begin): Promise<null> {
    return this.ask({ kind: 'begin', begin });
  }
  /** Null: it died of it, or before it could answer. */
  call<Name extends keyof Methods & string>(
    method: Name,
    input: Parameters<Methods[Name]>[0],
  ): Promise<Awaited<ReturnType<Methods[Name]>> | null> {
    return this.ask({ kind: 'call', method, input });
  }
  /** Resolves with null when nothing is left to be done, else with what is. Undefined: it is dead. */
  async rest(patienceMs: number): Promise<string | null | undefined> {
    const rested = await this.ask<{ readonly left: string | null }>({ kind: 'rest', patienceMs });
    return rested === null ? undefined : rested.left;
  }
  /** Whether it has come to know within this time that Exchange is away. */
  away(patienceMs: number): Promise<boolean | null> {
    return this.ask({ kind: 'away', patienceMs });
  }
  /** Whether everything that was to leave has been settled within this time. */
  sent(patienceMs: number): Promise<boolean | null> {
    return this.ask({ kind: 'sent', patienceMs });
  }
  /** Resolves when it has done so much, or has been given `patienceMs` for it. */
  work(points: number, patienceMs: number): Promise<boolean | null> {
    return this.ask({ kind: 'work', points, patienceMs });
  }
  dieAfter(points: number): Promise<null> {
    return this.ask({ kind: 'dieAfter', points });
  }
  jump(ms: number): Promise<null> {
    return this.ask({ kind: 'jump', ms });
  }
  disk(isFull: boolean): Promise<null> {
    return this.ask({ kind: 'disk', isFull });
  }
  woke(): Promise<null> {
    return this.ask({ kind: 'woke' });
  }
  points(): Promise<number | null> {
    return this.ask({ kind: 'points' });
  }
  async stop(): Promise<void> {
    await this.ask({ kind: 'stop' });
    await this.letGo();
  }

  protected override hears(note: unknown): void {
    const heard = note as Note;
    if (heard.kind === 'secret') this.replaced(heard.name, heard.value);
    else this.log.push(heard.line);
  }
}

export class EngineProcessPool extends MortalPool<EngineProcess> {
  constructor() {
    super(new URL('./engine-child.ts', import.meta.url), (child) => new EngineProcess(child));
  }
}

/** An answer that has to be there. */
export function valueIn<T>(answered: Result<T, AppError> | null): T | null {
  return answered?.ok === true ? answered.value : null;
}
