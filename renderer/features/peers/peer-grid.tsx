/** The table of peers. */
import { useState, type ReactNode } from 'react';
import type { PeerInfo } from '../../../core/engine/events.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { ROW_PX, VirtualScroll, type RowKeys } from '../../ui/virtual-scroll.ts';
import { VirtualGrid, type Column } from '../../ui/virtual-grid.tsx';
import { PeerRow } from './peer-row.tsx';
import { PeersEmpty } from './peers-empty.tsx';

const COLUMNS: readonly Column[] = [
  { id: 'peer', title: 'peer' },
  { id: 'direction', title: 'dir', hint: 'Who dialled' },
  { id: 'origin', title: 'origin', hint: 'How this node came to know it' },
  { id: 'latency', title: 'latency', align: 'end', hint: 'The last measured round trip' },
  { id: 'mesh', title: 'mesh', hint: 'Relayed shards whose mesh it is in' },
  { id: 'agent', title: 'agent' },
  { id: 'address', title: 'address' },
];

/** A light client is in no mesh. */
const LIGHT_COLUMNS = COLUMNS.map((column) =>
  column.id === 'mesh' ? { id: 'mesh', title: 'serves', hint: 'What it does for a light client' } : column,
);

export function PeerGrid({ onOpen }: { onOpen: () => void }): ReactNode {
  const desk = useDesk();
  const peers = useDeskState(({ live }) => live?.peers) ?? NO_PEERS;
  const topics = useDeskState(({ live }) => live?.node.topics) ?? [];
  const light = useDeskState(({ live }) => live?.settings.light === true);
  const pings = useDeskState((state) => state.peers.pings);
  const selected = useDeskState((state) => state.peers.selected);
  const [scroll] = useState(() => new VirtualScroll({ rowPx: ROW_PX, followsTail: false }));
  const keys: RowKeys = {
    count: peers.length,
    keyAt: (index) => index,
    indexOf: (key) => Math.min(key, peers.length),
  };
  const selectedIndex = peers.findIndex(({ peerId }) => peerId === selected);
  const select = (index: number): void => {
    desk.update('peers', { selected: peers[index]?.peerId ?? null });
  };
  return (
    <VirtualGrid
      label="Peers"
      className="peer-grid"
      columns={light ? LIGHT_COLUMNS : COLUMNS}
      keys={keys}
      scroll={scroll}
      selectedKey={selectedIndex === -1 ? null : selectedIndex}
      onSelect={select}
      onOpen={onOpen}
      onEscape={() => {
        desk.update('peers', { selected: null });
      }}
      renderRow={(index, slot, props) => {
        const peer = peers[index];
        if (peer === undefined) return null;
        return <PeerRow key={slot} peer={peer} ping={pings[peer.peerId]} topics={topics} props={props} />;
      }}
    >
      {peers.length === 0 && <PeersEmpty />}
    </VirtualGrid>
  );
}

const NO_PEERS: readonly PeerInfo[] = [];
