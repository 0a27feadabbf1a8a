/** The messages that a store node gave. */
import { useState, type ReactNode } from 'react';
import { parsePubsubTopic } from '../../../core/waku/topics.ts';
import type { StoreRow } from '../../../core/operations/service-operations.ts';
import { MAX_STORE_ROWS, nextStorePage } from '../../store/store-actions.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatBytes, formatInstant, formatMany, shortenMiddle } from '../../ui/format.ts';
import { VirtualGrid, type Column, type GridRowProps } from '../../ui/virtual-grid.tsx';
import { ROW_PX, VirtualScroll, type RowKeys } from '../../ui/virtual-scroll.ts';
import { visibleLine } from '../../ui/visible-text.ts';

const COLUMNS: readonly Column[] = [
  { id: 'sent', title: 'sent', hint: "The sender's time" },
  { id: 'shard', title: 'shard', align: 'end' },
  { id: 'topic', title: 'content topic' },
  { id: 'size', title: 'payload', align: 'end' },
  { id: 'hash', title: 'hash', hint: 'As the store node claims it; the details compute it' },
];

export function StoreGrid({ onOpen }: { onOpen: () => void }): ReactNode {
  const desk = useDesk();
  const { rows, asked, cursor, busy, error, selected } = useDeskState(({ store }) => store);
  const [scroll] = useState(() => new VirtualScroll({ rowPx: ROW_PX, followsTail: false }));
  const keys: RowKeys = {
    count: rows.length,
    keyAt: (index) => index,
    indexOf: (key) => Math.min(key, rows.length),
  };
  const isAnswered = asked !== null && (error === null || rows.length > 0);
  const select = (index: number | null): void => {
    desk.update('store', { selected: index });
  };
  return (
    <div className="store-list">
      <VirtualGrid
        label="Stored messages"
        className="store-grid"
        columns={COLUMNS}
        keys={keys}
        scroll={scroll}
        selectedKey={selected}
        onSelect={select}
        onOpen={onOpen}
        onEscape={() => {
          select(null);
        }}
        renderRow={(index, slot, props) => {
          const row = rows[index];
          return row === undefined ? null : <Row key={slot} row={row} props={props} />;
        }}
      >
        {rows.length === 0 && !busy && error === null && (
          <EmptyState
            title={asked === null ? 'Nothing asked yet' : 'The store has nothing of this'}
            text={
              asked === null
                ? 'Store nodes keep messages that were relayed: ask one by its address.'
                : 'Ask for other topics, or for a longer time.'
            }
          />
        )}
      </VirtualGrid>
      <div className="store-foot">
        <span className="number muted" role="status">
          {busy ? 'Asking' : isAnswered ? pageWords(rows.length, cursor) : ''}
        </span>
        {cursor !== null && rows.length < MAX_STORE_ROWS && (
          <Button busy={busy} onClick={() => void nextStorePage(desk)}>
            More
          </Button>
        )}
      </div>
    </div>
  );
}

function pageWords(count: number, cursor: string | null): string {
  const all = formatMany(count, 'message');
  if (cursor === null) return `${all}, and no more`;
  return count < MAX_STORE_ROWS
    ? `${all}, and there are more`
    : `${all}: ask for a shorter time to see the others`;
}

function Row({
  row: { hash, pubsubTopic, message },
  props,
}: {
  row: StoreRow;
  props: GridRowProps;
}): ReactNode {
  return (
    <div {...props}>
      <div role="gridcell" className="cell cell-sent mono">
        {message === null ? '—' : formatInstant(message.timestampNs).slice(0, 23)}
      </div>
      <div role="gridcell" className="cell cell-shard mono align-end">
        {parsePubsubTopic(pubsubTopic ?? '')?.shard ?? '—'}
      </div>
      <div role="gridcell" className="cell cell-topic">
        {visibleLine(message?.contentTopic ?? 'its fields were not given')}
      </div>
      <div role="gridcell" className="cell cell-size mono align-end">
        {message === null ? '—' : formatBytes(message.payload.length)}
      </div>
      <div role="gridcell" className="cell cell-hash mono muted">
        {visibleLine(shortenMiddle(hash, 8, 6))}
      </div>
    </div>
  );
}
