/** What a part of the offline copy is called when it changes. */
export const topics = [
  'app',
  'accounts',
  'conversations',
  'attachments',
  'pins',
  'drafts',
  'outbox',
  'failover',
  'ledger',
  'sync',
  'signIn',
  'identities',
  'readiness',
  'keyStore',
  'policy',
  'preferences',
] as const;
export type Topic = (typeof topics)[number];

/**
 * The only thing the other side pushes.
 * `changed`: something of that topic is different; ask again. Revisions grow; a missed event costs nothing.
 * `command`: the person chose a menu item; the renderer runs the command of that id.
 * `linkClicked`: a link inside a mail was clicked; it opens only after the person has seen where it leads.
 */
export type BridgeEvent =
  | { readonly kind: 'changed'; readonly topic: Topic; readonly revision: number }
  | { readonly kind: 'command'; readonly id: string }
  | { readonly kind: 'linkClicked'; readonly url: string };
