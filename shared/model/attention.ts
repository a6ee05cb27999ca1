/**
 * `working`: this window has the focus, or had it a moment ago, and the person does something. `near`: they are at the
 * laptop, with something else. `away`: nothing was touched for minutes, or the screen is locked.
 */
export type Presence = 'working' | 'near' | 'away';

/** What the system says about the laptop and who sits before it. */
export interface Attention {
  readonly presence: Presence;
  readonly isOnBattery: boolean;
}
