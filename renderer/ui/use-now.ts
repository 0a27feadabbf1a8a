/** The time, for what is told in seconds. */
import { useLayoutEffect, useState } from 'react';

/** Draws the component anew every `everyMs`; null: never. @returns Unix ms */
export function useNow(everyMs: number | null): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useLayoutEffect(() => {
    if (everyMs === null) return;
    // The time of the last drawing may be long ago.
    setNowMs(Date.now());
    const timer = setInterval(() => {
      setNowMs(Date.now());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [everyMs]);
  return nowMs;
}
