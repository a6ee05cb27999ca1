import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import './separator.css';

interface SeparatorProps {
  readonly label: string;
  /** The id of the pane before it, whose width it changes. */
  readonly controls: string;
  /** In pixels, as are the limits. */
  readonly width: number;
  readonly minimum: number;
  readonly maximum: number;
  /** What a double click goes back to. */
  readonly usual: number;
  /** While it is being dragged, and by every key. */
  readonly onWidth: (width: number) => void;
  /** The person has let go of it. */
  readonly onSettled: (width: number) => void;
  /** Enter: folds the pane before it away. */
  readonly onFold: () => void;
}

/** How far an arrow moves it, in pixels. */
const step = 16;

/** The line between two panes, dragged or moved by arrows (WAI-ARIA window splitter pattern). */
export function Separator(props: SeparatorProps) {
  const { label, controls, width, minimum, maximum, usual, onWidth, onSettled, onFold } = props;
  const grip = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const [isDragged, setDragged] = useState(false);
  const within = (wanted: number) => Math.round(Math.min(Math.max(wanted, minimum), maximum));
  const set = (wanted: number) => {
    onWidth(within(wanted));
    onSettled(within(wanted));
  };

  const press = (event: KeyboardEvent) => {
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? -step : step;
    const wanted: Readonly<Record<string, number>> = {
      ArrowLeft: width - forward,
      ArrowRight: width + forward,
      Home: minimum,
      End: maximum,
    };
    const next = wanted[event.key];
    if (next === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (next === undefined) onFold();
    else set(next);
  };
  const dragged = (event: PointerEvent): number => {
    const from = grip.current;
    if (from === null) return width;
    const isMirrored = getComputedStyle(event.currentTarget).direction === 'rtl';
    return within(from.width + (event.clientX - from.x) * (isMirrored ? -1 : 1));
  };
  const letGo = (event: PointerEvent) => {
    if (grip.current === null) return;
    const settled = dragged(event);
    grip.current = null;
    setDragged(false);
    onSettled(settled);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that is moved is no <hr>
    <div
      role="separator"
      className="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-controls={controls}
      aria-valuenow={width}
      aria-valuemin={minimum}
      aria-valuemax={maximum}
      data-dragged={isDragged}
      tabIndex={0}
      onKeyDown={press}
      onDoubleClick={() => set(usual)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { x: event.clientX, width };
        setDragged(true);
      }}
      onPointerMove={(event) => {
        if (grip.current !== null) onWidth(dragged(event));
      }}
      onPointerUp={letGo}
      onPointerCancel={letGo}
    />
  );
}
