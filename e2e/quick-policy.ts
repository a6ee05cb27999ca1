/** Settings that make an outage short enough to watch. How an outage is noticed stays as it ships. */
export const quickPolicy = {
  'keystore.allowUnprotected': true,
  'failover.holdDownSeconds': 2,
  'reconcile.handoverWaitSeconds': 3,
  'sending.undoSeconds': 0,
  'sending.sentCopyWaitSeconds': 2,
  'sync.pollSeconds': 5,
  'bulletins.pollSeconds': 2,
  'failover.spreadSeconds': 0,
} as const;
