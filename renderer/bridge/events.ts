import { useEffect, useEffectEvent } from 'react';
import type { BridgeEvent } from '../../shared/contract/events.ts';
import { relevo } from './relevo.ts';

/** Hears what main pushes, for as long as the component is there. */
export function useBridgeEvents(listener: (event: BridgeEvent) => void): void {
  const hear = useEffectEvent(listener);
  useEffect(() => relevo.subscribe((event) => hear(event)), []);
}
