import { useState } from 'react';
import type { AppError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';

interface Action {
  readonly isBusy: boolean;
  /** What the last attempt met; null while one is under way, and after it succeeded. */
  readonly error: AppError | null;
  /** Does nothing while an attempt is under way. */
  readonly run: <T>(ask: () => Promise<Result<T, AppError>>, onDone?: (value: T) => void) => void;
}

/** One thing that a button or a form does, and what came of it, to be said beside it. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  return {
    isBusy,
    error,
    run: (ask, onDone) => {
      if (isBusy) return;
      setBusy(true);
      setError(null);
      void ask().then((answer) => {
        setBusy(false);
        if (answer.ok) onDone?.(answer.value);
        else setError(answer.error);
      });
    },
  };
}
