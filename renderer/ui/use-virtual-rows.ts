/** A virtual list on the page: its scroll box tells {@link VirtualScroll}, which tells what to draw. */
import { useEffect, useLayoutEffect, useRef, useSyncExternalStore, type RefObject } from 'react';
import type { RowKeys, VirtualLayout, VirtualScroll } from './virtual-scroll.ts';

const SETTLE_MS = 150;

/** @param headPx height of what sticks at the top of the box */
export function useVirtualRows(
  scroll: VirtualScroll,
  keys: RowKeys,
  headPx = 0,
): [box: RefObject<HTMLDivElement | null>, layout: VirtualLayout] {
  const box = useRef<HTMLDivElement>(null);
  useSyncExternalStore(scroll.subscribe, scroll.version);
  const layout = scroll.layout(keys);
  const latestKeys = useRef(keys);

  useLayoutEffect(() => {
    latestKeys.current = keys;
    const element = box.current;
    if (element === null) return;
    if (Math.abs(element.scrollTop - layout.boxTopPx) >= 1) element.scrollTop = layout.boxTopPx;
    scroll.placed(element.scrollTop, keys);
  });

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let settle: ReturnType<typeof setTimeout> | undefined;
    const onScroll = (): void => {
      scroll.scrolled(element.scrollTop, latestKeys.current);
      clearTimeout(settle);
      settle = setTimeout(() => {
        scroll.settled();
      }, SETTLE_MS);
    };
    const onWheel = (event: WheelEvent): void => {
      if (event.deltaY < 0 && !event.ctrlKey) scroll.wheeledUp(latestKeys.current);
    };
    const observer = new ResizeObserver(() => {
      scroll.resized(element.clientHeight - headPx);
    });
    observer.observe(element);
    scroll.resized(element.clientHeight - headPx);
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: true });
    return () => {
      clearTimeout(settle);
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [scroll, headPx]);

  return [box, layout];
}
