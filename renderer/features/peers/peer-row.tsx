/** One row of the table of peers. */
import type { ReactNode } from 'react';
import type { PeerInfo } from '../../../core/engine/events.ts';
import type { NodeStatus } from '../../../core/operations/live-values.ts';
import { offers, SERVICES } from '../../../core/engine/services.ts';
import { parsePubsubTopic } from '../../../core/waku/topics.ts';
import type { PingState } from '../../store/state.ts';
import { useDeskState } from '../../store/use-desk.ts';
import { formatLatency, shortenMiddle } from '../../ui/format.ts';
import type { GridRowProps } from '../../ui/virtual-grid.tsx';
import { visibleLine } from '../../ui/visible-text.ts';

interface PeerRowProps {
  peer: PeerInfo;
  ping: PingState | undefined;
  topics: NodeStatus['topics'];
  props: GridRowProps;
}

export function PeerRow({ peer, ping, topics, props }: PeerRowProps): ReactNode {
  return (
    <div {...props}>
      <div role="gridcell" className="cell cell-peer mono" title={peer.peerId}>
        {shortenMiddle(peer.peerId, 8, 8)}
      </div>
      <div role="gridcell" className="cell cell-direction">
        {peer.direction === 'inbound' ? 'in' : 'out'}
      </div>
      <div role="gridcell" className="cell cell-origin">
        {peer.origin}
      </div>
      <div role="gridcell" className="cell cell-latency mono align-end">
        <Latency peer={peer} ping={ping} />
      </div>
      <div role="gridcell" className="cell cell-mesh">
        <PeerUse peer={peer} topics={topics} />
      </div>
      <div role="gridcell" className="cell cell-agent">
        {peer.agent === '' ? <span className="muted">not identified yet</span> : visibleLine(peer.agent)}
      </div>
      <div role="gridcell" className="cell cell-address mono muted">
        {visibleLine(peer.addresses[0] ?? '')}
      </div>
    </div>
  );
}

/** The last answer to a ping from here, else what the engine measured. */
export function Latency({ peer, ping }: { peer: PeerInfo; ping: PingState | undefined }): ReactNode {
  if (ping?.state === 'waiting') return <span className="muted">…</span>;
  if (ping?.state === 'failed')
    return <span className="bad">{ping.error.code === 'TIMED_OUT' ? 'timed out' : 'no answer'}</span>;
  const latencyMs = ping?.latencyMs ?? peer.latencyMs;
  return latencyMs === null ? <span className="muted">—</span> : formatLatency(latencyMs);
}

/** What the peer is for: the meshes that it is in, and to a light client what it serves. */
export function PeerUse({ peer, topics }: { peer: PeerInfo; topics: NodeStatus['topics'] }): ReactNode {
  const light = useDeskState(({ live }) => live?.settings.light === true);
  if (!light) return <MeshShards peerId={peer.peerId} topics={topics} />;
  const services = SERVICES.filter((service) => offers(peer, service));
  if (services.length === 0) return <span className="muted">serves nothing</span>;
  return services.map((service) => (
    <span key={service} className="badge is-on">
      {service}
    </span>
  ));
}

/** Every relayed shard: filled where the peer is in its mesh. */
function MeshShards({ peerId, topics }: { peerId: string; topics: NodeStatus['topics'] }): ReactNode {
  if (topics.length === 0) return <span className="muted">no shard relayed</span>;
  return topics.map(({ pubsubTopic, meshPeers }) => {
    const shard = parsePubsubTopic(pubsubTopic)?.shard ?? pubsubTopic;
    const inMesh = meshPeers.includes(peerId);
    const words = `shard ${shard}: ${inMesh ? 'in the mesh' : 'not in the mesh'}`;
    return (
      <span key={pubsubTopic} className={inMesh ? 'badge is-on' : 'badge'} title={words}>
        <span aria-hidden="true">
          {inMesh ? '●' : '○'} {shard}
        </span>
        <span className="visually-hidden">{words}</span>
      </span>
    );
  });
}
