const tickMs = 50;

/** Watches how long this process, in which servers and laptops live together, does not get to run. */
export function watchStalls(): { readonly longestMs: () => number; stop(): void } {
  let last = performance.now();
  let longest = 0;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last - tickMs);
    last = now;
  };
  const timer = setInterval(look, tickMs);
  return {
    longestMs: () => {
      look();
      return longest;
    },
    stop: () => clearInterval(timer),
  };
}
