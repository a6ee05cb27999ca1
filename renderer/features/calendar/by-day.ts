import type { EpochMs } from '../../../shared/model/ids.ts';
import type { AgendaItem } from '../../../shared/model/meeting.ts';

export interface AgendaDay {
  /** Its midnight, where this computer is. */
  readonly day: EpochMs;
  readonly times: readonly AgendaItem[];
}

/** What is under way already stands on the first day. */
export function byDay(items: readonly AgendaItem[], first: EpochMs): readonly AgendaDay[] {
  const days = new Map<EpochMs, AgendaItem[]>();
  for (const item of items) {
    const day = new Date(Math.max(first, item.time.start)).setHours(0, 0, 0, 0);
    days.set(day, [...(days.get(day) ?? []), item]);
  }
  return [...days].map(([day, times]) => ({ day, times }));
}
