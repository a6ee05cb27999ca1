import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import type { AppError } from '../../shared/errors.ts';
import { ErrorNote } from './error-note.tsx';
import { useLanguage } from './language.tsx';

/** A sentence about what was done, with a way to take it back. */
export interface Undoable {
  readonly text: string;
  readonly undo: () => void;
}

/** Says in passing what came of an action: a sentence, or an error. */
export type Tell = (said: string | AppError | Undoable) => void;

const ToastContext = createContext<Tell | null>(null);

export function useToast(): Tell {
  const tell = useContext(ToastContext);
  if (tell === null) throw new Error('no toasts around this component');
  return tell;
}

/** How long a sentence stays, and what has to be read or may be undone, in milliseconds. */
const stays = { sentence: 4000, longer: 10_000 };

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState<{ readonly what: string | AppError | Undoable } | null>(null);
  const tell = useCallback<Tell>((what) => setSaid({ what }), []);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(
      () => setSaid(null),
      typeof said.what === 'string' ? stays.sentence : stays.longer,
    );
    return () => clearTimeout(timer);
  }, [said]);
  const what = said?.what;
  return (
    <ToastContext value={tell}>
      {children}
      <div className="toast-region" role="status">
        {what !== undefined && (
          <div className="toast" data-testid="toast">
            {typeof what === 'string' ? (
              <p>{what}</p>
            ) : 'undo' in what ? (
              <UndoNote undoable={what} onDone={() => setSaid(null)} />
            ) : (
              <ErrorNote error={what} />
            )}
          </div>
        )}
      </div>
    </ToastContext>
  );
}

function UndoNote({ undoable, onDone }: { readonly undoable: Undoable; readonly onDone: () => void }) {
  const { t } = useLanguage();
  return (
    <p className="toast-undo">
      <span>{undoable.text}</span>
      <button
        type="button"
        data-testid="undo"
        onClick={() => {
          onDone();
          undoable.undo();
        }}
      >
        {t('tidy.undo')}
      </button>
    </p>
  );
}
