import { type ReactNode, useEffect, useState } from 'react';

/** Shows its children only when they are still wanted after 300 ms: what is quick shows no progress. */
export function Delayed({ children }: { readonly children: ReactNode }) {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return isDue ? children : null;
}
