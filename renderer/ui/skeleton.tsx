import { Delayed } from './delayed.tsx';

/** Grey lines where text is about to stand; said to screen readers as `label`. Quick answers never show it. */
export function Skeleton({ label, rows }: { readonly label: string; readonly rows: number }) {
  return (
    <Delayed>
      <div className="skeleton" role="status" aria-label={label}>
        {Array.from({ length: rows }, (_, row) => (
          // Nothing tells them apart, and they never move.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <div key={row} className="skeleton-row">
            <span />
            <span />
            <span />
          </div>
        ))}
      </div>
    </Delayed>
  );
}
