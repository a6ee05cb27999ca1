/** From this part of the budget on, room is made. */
const isNear = 0.95;
/** So much of it is left in use then, so that room is made seldom. */
const leftInUse = 0.9;
/** Below this part of it, what was left out for want of room is fetched again. */
const hasRoom = 0.8;

/** Bytes that have to go. `budget`: bytes; 0: there is none. */
export function bytesToFree(used: number, budget: number): number {
  return budget === 0 || used <= budget * isNear ? 0 : Math.ceil(used - budget * leftInUse);
}

/** Bytes that may come besides what is new. */
export function bytesOfRoom(used: number, budget: number): number {
  return budget === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.floor(budget * hasRoom - used));
}
