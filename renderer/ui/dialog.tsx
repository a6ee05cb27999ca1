import { type ReactNode, useLayoutEffect, useRef } from 'react';

/**
 * A modal question over the window. Escape and a click beside it call `onClose`; what carries `data-first-focus` is
 * what Enter means at first.
 */
export function Dialog({
  label,
  testId,
  className = '',
  onClose,
  children,
}: {
  readonly label: string;
  readonly testId: string;
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  // Before it can be seen: a key pressed at once is meant for it.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The element itself would choose the first button, whatever that does.
    dialog?.querySelector<HTMLElement>('[data-first-focus]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={`dialog ${className}`}
      aria-label={label}
      data-testid={testId}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The element itself would close at a second Escape, whatever was said to the first.
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
