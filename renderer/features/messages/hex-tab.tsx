/** A payload as bytes, sixteen in a line where there is room, else eight. */
import { useLayoutEffect, useState, type ReactNode } from 'react';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { VirtualScroll } from '../../ui/virtual-scroll.ts';
import { hexLine } from './message-format.ts';

const LINE_PX = 18;
/** Width of a line of sixteen. */
const WIDE_PX = 580;

export function HexTab({ payload }: { payload: Uint8Array }): ReactNode {
  const [scroll] = useState(() => new VirtualScroll({ rowPx: LINE_PX, followsTail: false }));
  const [perLine, setPerLine] = useState<8 | 16>(8);
  const count = Math.ceil(payload.length / perLine);
  const keys = { count, keyAt: (index: number) => index, indexOf: (key: number) => Math.min(key, count) };
  const [box, { first, end, boxPx, rowsTopPx }] = useVirtualRows(scroll, keys);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setPerLine(element.clientWidth < WIDE_PX ? 8 : 16);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [box]);
  const lines = Array.from({ length: end - first }, (_, i) => hexLine(payload, first + i, perLine));
  return (
    <div ref={box} className="hex mono" tabIndex={0} role="region" aria-label="Payload bytes">
      <div className="hex-box" style={{ height: boxPx }}>
        <div className="hex-lines" style={{ transform: `translateY(${rowsTopPx}px)` }}>
          {lines.map(({ offset, hex, ascii }) => (
            <div key={offset} className="hex-line">
              <span className="muted">{offset}</span>
              <span>{hex}</span>
              <span>{ascii}</span>
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
