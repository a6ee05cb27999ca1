/** A meter of what this thread has worked since, in milliseconds: unlike time, it does not depend on who else works. */
export function workedMs(): () => number {
  const before = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  };
}
