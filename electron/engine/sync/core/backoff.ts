const firstMs = 1000;
const longestMs = 60_000;

/**
 * How long to wait before trying again, in milliseconds: 1 s after the first failure, twice as long after each further
 * one up to a minute, shortened by up to a third so that many laptops do not come back together.
 *
 * @param failures how many in a row, from 1
 * @param random from 0 to 1
 */
export function retryDelay(failures: number, random: number): number {
  return Math.round(Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10)) * (1 - random / 3));
}
