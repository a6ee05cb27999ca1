import { type ReactNode, useId, useRef } from 'react';
import './tabs.css';

interface TabsProps<Name extends string> {
  readonly label: string;
  readonly names: readonly Name[];
  readonly current: Name;
  readonly title: (name: Name) => string;
  readonly onChoose: (name: Name) => void;
  /** What belongs to the current tab. */
  readonly children: ReactNode;
}

/** Parts of one page, of which one is shown. Arrows, Home and End move between them (WAI-ARIA tabs pattern). */
export function Tabs<Name extends string>({
  label,
  names,
  current,
  title,
  onChoose,
  children,
}: TabsProps<Name>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const target = (key: string): Name | undefined => {
    const at = names.indexOf(current);
    if (key === 'ArrowRight') return names[(at + 1) % names.length];
    if (key === 'ArrowLeft') return names.at(at - 1);
    if (key === 'Home') return names[0];
    return key === 'End' ? names.at(-1) : undefined;
  };
  return (
    <>
      <div ref={list} className="tabs" role="tablist" aria-label={label}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            className="tab"
            data-testid={`tab-${name}`}
            aria-selected={name === current}
            aria-controls={`${id}-panel`}
            tabIndex={name === current ? 0 : -1}
            onClick={() => onChoose(name)}
            onKeyDown={(event) => {
              const next = target(event.key);
              if (next === undefined) return;
              event.preventDefault();
              onChoose(next);
              list.current?.querySelector<HTMLElement>(`[data-testid="tab-${next}"]`)?.focus();
            }}
          >
            {title(name)}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${current}`}>
        {children}
      </div>
    </>
  );
}
