import type { BridgeApi } from '../../shared/contract/index.ts';

declare global {
  interface Window {
    /** Put there by the preload; nothing else of the other side can be reached. */
    readonly relevo: BridgeApi;
  }
}

export const relevo = window.relevo;
