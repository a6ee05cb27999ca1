import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** A pane in which there is nothing to show, and why. */
export function EmptyState({
  Icon,
  text,
  children,
}: {
  readonly Icon?: LucideIcon;
  readonly text: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="empty-state">
      {Icon !== undefined && <Icon size={36} strokeWidth={1.25} aria-hidden="true" />}
      <p>{text}</p>
      {children}
    </div>
  );
}
