import type { Window } from '../../../shared/model/bulletin.ts';
import { useLanguage } from '../../ui/language.tsx';

/** Both ends of a window as they stand in a sentence: today's by the clock, others with their day. */
export function useWindowTimes(): (window: Window | null | undefined) => { from: string; until: string } {
  const { shortDate, dateTime } = useLanguage();
  const today = new Date().toDateString();
  const time = (at: number) => (new Date(at).toDateString() === today ? shortDate(at) : dateTime(at));
  return (window) =>
    window ? { from: time(window.from), until: time(window.until) } : { from: '', until: '' };
}
