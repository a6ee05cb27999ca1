import type { Attention, Presence } from '../../../../shared/model/attention.ts';

/** What is believed as long as nobody says otherwise: nothing is noticed too late. */
export const fullAttention: Attention = { presence: 'working', isOnBattery: false };

/** How much longer the pause between two signs of life is, at most `idleMs`: what nobody waits for may cost nothing. */
const slower: Readonly<Record<Presence, { readonly onMains: number; readonly onBattery: number }>> = {
  working: { onMains: 1, onBattery: 2 },
  near: { onMains: 5, onBattery: 10 },
  away: { onMains: Number.POSITIVE_INFINITY, onBattery: Number.POSITIVE_INFINITY },
};

/**
 * The pause between two signs of life of Exchange. A doubt is always settled at the full pace. `idleMs` is doubled on
 * battery.
 */
export function pauseBetweenSigns(
  { presence, isOnBattery }: Attention,
  { probeMs, idleMs }: { readonly probeMs: number; readonly idleMs: number },
): number {
  const longest = Math.max(probeMs, isOnBattery ? idleMs * 2 : idleMs);
  return Math.min(longest, probeMs * slower[presence][isOnBattery ? 'onBattery' : 'onMains']);
}
