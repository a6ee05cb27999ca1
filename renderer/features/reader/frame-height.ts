/** A line of a mail, in pixels; how many letters it holds in a reader of usual width. */
const line = { height: 21, letters: 85 };
const lowest = 140;
const highest = 620;

/**
 * How high a mail's frame is made, in pixels. Nothing can look into the frame and measure, by design; so the height
 * is guessed from the text, a little too high rather than too low, and what is longer scrolls inside.
 */
export function frameHeight(text: string, pictures: number): number {
  const lines = text
    .trim()
    .split('\n')
    .reduce((sum, one) => sum + Math.max(1, Math.ceil(one.length / line.letters)), 0);
  return Math.min(highest, Math.max(lowest, 60 + lines * line.height * 1.2 + pictures * 90));
}
