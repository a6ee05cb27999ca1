import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import type { AppError } from '../../shared/errors.ts';
import { ErrorNote } from './error-note.tsx';

/** Says in passing what came of an action: a sentence, or an error. */
export type Tell = (said: string | AppError) => void;

const ToastContext = createContext<Tell | null>(null);

export function useToast(): Tell {
  const tell = useContext(ToastContext);
  if (tell === null) throw new Error('no toasts around this component');
  return tell;
}

/** How long a sentence and an error stay, in milliseconds. */
const stays = { sentence: 4000, error: 10_000 };

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState<{ readonly what: string | AppError } | null>(null);
  const tell = useCallback<Tell>((what) => setSaid({ what }), []);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(
      () => setSaid(null),
      typeof said.what === 'string' ? stays.sentence : stays.error,
    );
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <ToastContext value={tell}>
      {children}
      <div className="toast-region" role="status">
        {said !== null && (
          <div className="toast">
            {typeof said.what === 'string' ? <p>{said.what}</p> : <ErrorNote error={said.what} />}
          </div>
        )}
      </div>
    </ToastContext>
  );
}
