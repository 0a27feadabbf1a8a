/** The list itself: live, paused or filtered. */
import { useCallback, useState, type ReactNode } from 'react';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, isSameDay } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import { VirtualGrid, type Column, type GridRowProps } from '../../ui/virtual-grid.tsx';
import { MessageRowView } from './message-row.tsx';
import { MessagesEmpty } from './messages-empty.tsx';

const COLUMNS: readonly Column[] = [
  { id: 'time', title: 'time', hint: 'When it was received, or sent from here' },
  { id: 'dir', title: 'dir', hint: 'in: from the network; out: sent from here' },
  { id: 'shard', title: 'shard', align: 'end' },
  { id: 'topic', title: 'content topic' },
  { id: 'size', title: 'payload', align: 'end' },
  { id: 'hash', title: 'hash' },
  {
    id: 'state',
    title: 'from / state',
    hint: 'The neighbour it came from; of own messages what became of them',
  },
];

/** Yesterday's times have their date. */
const DAY_CHECK_MS = 60_000;
/** Rows around the view that are fetched with it. */
const PAGE_AROUND = 100;

export function MessageGrid({ onOpen }: { onOpen: () => void }): ReactNode {
  const { messages } = useDesk();
  useDeskState((state) => state.messages.version);
  const selected = useDeskState((state) => state.messages.selected);
  const paused = useDeskState((state) => state.messages.paused);
  const { keys, unseen, scroll } = messages;
  const nowMs = useNow(DAY_CHECK_MS);
  // Times of another day need room for their date, from the first one on.
  const [dated, setDated] = useState(false);

  const onDrawn = useCallback(
    (first: number, end: number) => {
      const { keys: drawn, rows, pager } = messages;
      const last = Math.min(end, drawn.count);
      const isMissing = (index: number): boolean => rows.get(drawn.keyAt(index)) === undefined;
      let missing = false;
      for (let index = first; index < last; index++) {
        const row = rows.get(drawn.keyAt(index));
        if (row === undefined) missing = true;
        else if (!isSameDay(row.receivedNs, nowMs)) setDated(true);
      }
      if (!missing) return;
      const wanted: number[] = [];
      const to = Math.min(drawn.count, last + PAGE_AROUND);
      for (let index = Math.max(0, first - PAGE_AROUND); index < to; index++)
        if (isMissing(index)) wanted.push(drawn.keyAt(index));
      pager.want(wanted);
    },
    [messages, nowMs],
  );
  const renderRow = (position: number, slot: number, props: GridRowProps): ReactNode => {
    const row = messages.rows.get(position);
    return (
      <MessageRowView
        key={slot}
        row={row}
        gone={row === undefined && messages.rows.isGone(position)}
        nowMs={nowMs}
        props={props}
      />
    );
  };
  return (
    <VirtualGrid
      label="Messages"
      className={dated ? 'message-grid is-dated' : 'message-grid'}
      columns={COLUMNS}
      keys={keys}
      scroll={scroll}
      selectedKey={selected}
      onSelect={(position) => {
        messages.select(position);
      }}
      onOpen={onOpen}
      onEscape={() => {
        messages.select(null);
      }}
      onDrawn={onDrawn}
      renderRow={renderRow}
    >
      {keys.count === 0 && <MessagesEmpty />}
      {unseen > 0 && !paused && (
        <Button
          className="pill"
          title="Show the newest and follow (End)"
          onClick={() => {
            scroll.toEnd();
          }}
        >
          <Icon name="down" />
          <span className="number">{formatCount(unseen)}</span> new
        </Button>
      )}
    </VirtualGrid>
  );
}
