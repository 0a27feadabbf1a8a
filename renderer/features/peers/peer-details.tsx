/** Everything known of the selected peer, and what can be done with it. */
import type { ReactNode, RefObject } from 'react';
import type { PeerInfo } from '../../../core/engine/events.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { disconnectPeer, pingPeer } from '../../store/peer-actions.ts';
import type { PingState } from '../../store/state.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { DetailsAside } from '../../ui/details-aside.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { CopyableList, Fact } from '../../ui/facts.tsx';
import { formatDuration, shortenMiddle } from '../../ui/format.ts';
import { useNow } from '../../ui/use-now.ts';
import { focusMainGrid } from '../../ui/virtual-grid.tsx';
import { visibleLine } from '../../ui/visible-text.ts';
import { Latency, PeerUse } from './peer-row.tsx';

interface PeerDetailsProps {
  peerId: string;
  paneRef: RefObject<HTMLElement | null>;
}

export function PeerDetails({ peerId, paneRef }: PeerDetailsProps): ReactNode {
  const desk = useDesk();
  const peer = useDeskState(({ live }) => live?.peers.find((one) => one.peerId === peerId));
  const ping = useDeskState(({ peers }) => peers.pings[peerId]);
  return (
    <DetailsAside paneRef={paneRef}>
      <div className="details-bar">
        {peer !== undefined && (
          <>
            <Button busy={ping?.state === 'waiting'} onClick={() => void pingPeer(desk, peerId)}>
              Ping
            </Button>
            <Button
              onClick={() => {
                // The button goes with its peer.
                focusMainGrid();
                void disconnectPeer(desk, peer);
              }}
            >
              Disconnect
            </Button>
          </>
        )}
        <span className="grow" />
        <IconButton
          icon="close"
          label="Close details"
          shortcut="Esc"
          onClick={() => {
            desk.update('peers', { selected: null });
            focusMainGrid();
          }}
        />
      </div>
      {peer === undefined ? (
        <EmptyState
          title="This peer is gone"
          text={`${shortenMiddle(peerId, 8, 8)} is not connected any more.`}
        />
      ) : (
        <Peer peer={peer} ping={ping} />
      )}
    </DetailsAside>
  );
}

function Peer({ peer, ping }: { peer: PeerInfo; ping: PingState | undefined }): ReactNode {
  const topics = useDeskState(({ live }) => live?.node.topics) ?? [];
  const light = useDeskState(({ live }) => live?.settings.light === true);
  const nowMs = useNow(1_000);
  const connectedMs = nowMs - Number(peer.connectedSinceNs / 1_000_000n);
  return (
    <div className="details-scroll" tabIndex={0} role="region" aria-label="Peer">
      {ping?.state === 'failed' && <ErrorNotice error={ping.error} />}
      <dl className="facts">
        <CopyableList name="peer id" items={[peer.peerId]} />
        <CopyableList name="addresses" items={peer.addresses} />
        <Fact name="agent">{peer.agent === '' ? 'not identified yet' : visibleLine(peer.agent)}</Fact>
        <Fact name="direction">
          {peer.direction === 'inbound' ? 'inbound: it dialled this node' : 'outbound: this node dialled'}
        </Fact>
        <Fact name="origin">{peer.origin}</Fact>
        <Fact name="latency">
          <span className="mono">
            <Latency peer={peer} ping={ping} />
          </span>
        </Fact>
        <Fact name="connected">
          <span className="mono">{formatDuration(connectedMs)}</span>
        </Fact>
        <Fact name="shards it relays">
          {peer.shards === null ? (
            <span className="muted">not told yet</span>
          ) : (
            peer.shards.join(', ') || 'none'
          )}
        </Fact>
        <Fact name={light ? 'serves' : 'mesh'}>
          <span>
            <PeerUse peer={peer} topics={topics} />
          </span>
        </Fact>
        <CopyableList name="protocols" items={peer.protocols} />
      </dl>
    </div>
  );
}
