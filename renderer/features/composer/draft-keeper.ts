import type { AppError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';

export type KeeperState = 'saved' | 'changed' | 'saving' | 'failed';

export interface DraftPorts<Text> {
  readonly save: (text: Text) => Promise<Result<unknown, AppError>>;
  readonly discard: () => Promise<Result<unknown, AppError>>;
  readonly onState: (state: KeeperState, error: AppError | null) => void;
}

/** How long nothing is typed before what was typed is saved, in milliseconds. */
const savePause = 400;
/** Whoever types without a pause loses no more than this by a crash, and what the saving takes. */
const longestUnsaved = 800;

/**
 * Keeps what is typed on the disk: half a second after the last key, every second while keys follow each other, and when
 * the composer is left. One save runs at
 * a time, so that an older text never overtakes a newer one. A draft that was made by opening the composer and never
 * touched is discarded again.
 */
export class DraftKeeper<Text> {
  readonly #ports: DraftPorts<Text>;
  readonly #isFresh: boolean;
  #unsaved: Text | null = null;
  #saving: Promise<boolean> = Promise.resolve(true);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unsavedSince = 0;
  #wasTouched = false;
  #hasEnded = false;

  constructor(isFresh: boolean, ports: DraftPorts<Text>) {
    this.#isFresh = isFresh;
    this.#ports = ports;
  }

  /** `isTouched`: by the person; else it is completed, and nothing that is worth keeping by itself. */
  change(text: Text, isTouched = true): void {
    if (this.#unsaved === null) this.#unsavedSince = Date.now();
    this.#unsaved = text;
    this.#wasTouched ||= isTouched;
    this.#ports.onState('changed', null);
    clearTimeout(this.#timer);
    const left = this.#unsavedSince + longestUnsaved - Date.now();
    this.#timer = setTimeout(() => void this.flush(), Math.max(0, Math.min(savePause, left)));
  }

  /** Something else than its text was changed: it is worth keeping. */
  touch(): void {
    this.#wasTouched = true;
  }

  /** Saves what is not saved yet. Yields whether everything is on the disk. */
  flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#saving = this.#saving.then(() => this.#saveUnsaved());
    return this.#saving;
  }

  /** The composer is gone, whatever became of it. */
  leave(): void {
    clearTimeout(this.#timer);
    if (this.#hasEnded) return;
    if (this.#isFresh && !this.#wasTouched) void this.#ports.discard();
    else void this.flush();
  }

  /** The draft has become a message, or nothing: from here on it is left alone. */
  end(): void {
    clearTimeout(this.#timer);
    this.#unsaved = null;
    this.#hasEnded = true;
  }

  async #saveUnsaved(): Promise<boolean> {
    const text = this.#unsaved;
    if (text === null) return true;
    this.#unsaved = null;
    this.#ports.onState('saving', null);
    const answer = await this.#ports.save(text);
    if (answer.ok) {
      if (this.#unsaved === null) this.#ports.onState('saved', null);
      return true;
    }
    // Still unsaved, unless something newer is.
    this.#unsaved ??= text;
    this.#ports.onState('failed', answer.error);
    return false;
  }
}
