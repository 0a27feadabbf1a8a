/**
 * A table of any length with the keys and roles of an ARIA grid. It has one tab stop; the selected row is the active
 * descendant.
 */
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { useVirtualRows } from './use-virtual-rows.ts';
import { ROW_PX, type RowKeys, type VirtualScroll } from './virtual-scroll.ts';

export interface Column {
  id: string;
  title: string;
  align?: 'end';
  hint?: string;
}

export interface GridRowProps {
  id: string;
  className: string;
  role: 'row';
  'aria-rowindex': number;
  'aria-selected': boolean;
  'data-key': number;
}

interface VirtualGridProps {
  label: string;
  columns: readonly Column[];
  keys: RowKeys;
  scroll: VirtualScroll;
  selectedKey: number | null;
  onSelect: (key: number) => void;
  /** Enter, or a double click. */
  onOpen: () => void;
  onEscape: () => void;
  /** @param slot place among the drawn rows: as React key it keeps the elements and changes their words */
  renderRow: (key: number, slot: number, props: GridRowProps) => ReactNode;
  /** Hears which rows were drawn, so that the owner fetches what is missing. */
  onDrawn?: (first: number, end: number) => void;
  className: string;
  children?: ReactNode;
}

export function VirtualGrid(props: VirtualGridProps): ReactNode {
  const { label, columns, keys, scroll, selectedKey, onSelect, onOpen, onEscape, renderRow, onDrawn } = props;
  const [box, layout] = useVirtualRows(scroll, keys, ROW_PX);
  const idBase = useId();
  const rowId = (key: number): string => `${idBase}r${key}`;

  useEffect(() => {
    onDrawn?.(layout.first, layout.end);
  });

  // Details that open under the list must not hide the row they belong to.
  const { viewPx } = scroll;
  const shown = useRef({ viewPx, selected: false });
  useLayoutEffect(() => {
    const index = selectedKey === null ? -1 : keys.indexOf(selectedKey);
    if (viewPx !== shown.current.viewPx && shown.current.selected) scroll.reveal(index, keys);
    shown.current = { viewPx, selected: index >= 0 && scroll.shows(index, keys) };
  });

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && selectedKey !== null) onOpen();
    else if (event.key === 'Escape') onEscape();
    else {
      const index = nextIndex(event.key, keys, scroll, selectedKey);
      if (index === null) return;
      const isLast = index === keys.count - 1;
      if (index >= 0 && index < keys.count) {
        onSelect(keys.keyAt(index));
        if (event.key === 'End' && isLast) scroll.toEnd();
        else scroll.reveal(index, keys);
      }
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const key = keyOf(event.target);
    if (key !== null) onSelect(key);
    if (key !== null && event.detail === 2) onOpen();
  };

  const rows: ReactNode[] = [];
  let hasSelected = false;
  for (let index = layout.first; index < layout.end; index++) {
    const key = keys.keyAt(index);
    const selected = key === selectedKey;
    hasSelected ||= selected;
    rows.push(
      renderRow(key, index - layout.first, {
        id: rowId(key),
        className: selected ? 'grid-row is-selected' : 'grid-row',
        role: 'row',
        'aria-rowindex': index + 2,
        'aria-selected': selected,
        'data-key': key,
      }),
    );
  }
  const boxStyle: CSSProperties = { height: layout.boxPx };
  const rowsStyle: CSSProperties = { transform: `translateY(${layout.rowsTopPx}px)` };
  return (
    <div className={`grid-frame ${props.className}`}>
      <div
        ref={box}
        className="grid"
        role="grid"
        aria-label={label}
        aria-rowcount={keys.count + 1}
        aria-colcount={columns.length}
        aria-activedescendant={hasSelected && selectedKey !== null ? rowId(selectedKey) : undefined}
        tabIndex={0}
        data-main-grid=""
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <div role="rowgroup" className="grid-head">
          <div role="row" aria-rowindex={1} className="grid-row">
            {columns.map(({ id, title, align, hint }) => (
              <div
                key={id}
                role="columnheader"
                className={`cell cell-${id}${align === 'end' ? ' align-end' : ''}`}
                title={hint}
              >
                {title}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="grid-box" style={boxStyle}>
          <div role="presentation" className="grid-rows" style={rowsStyle}>
            {rows}
          </div>
        </div>
      </div>
      {props.children}
    </div>
  );
}

/** Where the keyboard goes back to when something beside the view's list is left. */
export function focusMainGrid(): void {
  document.querySelector<HTMLElement>('[data-main-grid]')?.focus();
}

function keyOf(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-key]') : null;
  return row === null ? null : Number(row.dataset.key);
}

/** Where a key leads; null when it is none of the grid's. */
function nextIndex(
  pressed: string,
  keys: RowKeys,
  scroll: VirtualScroll,
  selectedKey: number | null,
): number | null {
  const last = keys.count - 1;
  const { first } = scroll.layout(keys);
  const at = selectedKey === null ? (scroll.following ? keys.count : first - 1) : keys.indexOf(selectedKey);
  // A selected row that the filter hides: the next row is the one that stands in its place.
  const isThere = selectedKey === null || (at < keys.count && keys.keyAt(at) === selectedKey);
  const clamp = (index: number): number => Math.min(last, Math.max(0, index));
  switch (pressed) {
    case 'j':
    case 'ArrowDown':
      return clamp(isThere ? at + 1 : at);
    case 'k':
    case 'ArrowUp':
      return clamp(at - 1);
    case 'PageDown':
      return clamp(at + scroll.pageRows);
    case 'PageUp':
      return clamp(at - scroll.pageRows);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
