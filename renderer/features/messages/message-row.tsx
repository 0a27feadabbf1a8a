/** One row of the list. */
import type { ReactNode } from 'react';
import type { MessageRow } from '../../../core/operations/message-values.ts';
import { parsePubsubTopic } from '../../../core/waku/topics.ts';
import { formatBytes, formatTime, shortenMiddle } from '../../ui/format.ts';
import type { GridRowProps } from '../../ui/virtual-grid.tsx';
import { visibleLine } from '../../ui/visible-text.ts';
import { deliveryTone, deliveryWords } from './message-format.ts';

interface MessageRowViewProps {
  row: MessageRow | undefined;
  /** The host does not have it any more. */
  gone: boolean;
  /** Unix ms. */
  nowMs: number;
  props: GridRowProps;
}

export function MessageRowView({ row, gone, nowMs, props }: MessageRowViewProps): ReactNode {
  if (row === undefined) {
    return (
      <div {...props} className={`${props.className} is-waiting`}>
        <div role="gridcell" className="cell cell-whole">
          {gone ? 'no longer kept' : 'loading'}
        </div>
      </div>
    );
  }
  const { dir, state, fromPeer } = row;
  const last =
    dir === 'out' ? (state === null ? '' : deliveryWords(state)) : shortenMiddle(fromPeer ?? '', 4, 6);
  return (
    <div {...props}>
      <div role="gridcell" className="cell cell-time mono">
        {formatTime(row.receivedNs, nowMs)}
      </div>
      <div role="gridcell" className={dir === 'out' ? 'cell cell-dir own' : 'cell cell-dir muted'}>
        {dir}
      </div>
      <div role="gridcell" className="cell cell-shard mono align-end">
        {parsePubsubTopic(row.pubsubTopic)?.shard ?? '—'}
      </div>
      <div role="gridcell" className="cell cell-topic">
        {visibleLine(row.contentTopic)}
      </div>
      <div role="gridcell" className="cell cell-size mono align-end">
        {formatBytes(row.payloadBytes)}
      </div>
      <div role="gridcell" className="cell cell-hash mono muted">
        {shortenMiddle(row.hash, 8, 6)}
      </div>
      <div
        role="gridcell"
        className={`cell cell-state ${state === null ? 'mono muted' : deliveryTone(state)}`}
      >
        {row.captured ? '' : 'not captured · '}
        {last}
      </div>
    </div>
  );
}
