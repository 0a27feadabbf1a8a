/** Why nothing can come from the node now, and the next act; its children where something can. */
import type { ReactNode } from 'react';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { startDemo, startNode } from '../../store/node-actions.ts';
import { goTo } from '../../store/view-actions.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { NodeError, useNodeHelp } from './node-error.tsx';

export function NodeMissing({ children }: { children: ReactNode }): ReactNode {
  const desk = useDesk();
  const live = useDeskState((state) => state.live);
  const restarts = useDeskState((state) => state.restartAtMs !== null);
  const starting = useDeskState((state) => state.node.busy !== null);
  const help = useNodeHelp(live?.node.error ?? null);
  const start = (
    <Button
      kind={help === null ? 'primary' : 'plain'}
      icon="play"
      busy={starting}
      onClick={() => void startNode(desk)}
    >
      Start the node
    </Button>
  );
  if (live === null)
    return <EmptyState title="Waiting for the host" text="The list comes with the connection." />;
  const { node, peers } = live;
  if (restarts)
    return (
      <EmptyState title="The node is restarting" text="It keeps its key, its port and its shards.">
        <Button icon="play" busy={starting} onClick={() => void startNode(desk)}>
          Start now
        </Button>
      </EmptyState>
    );
  if (node.state === 'starting') return <EmptyState title="The node is starting" />;
  if (node.state === 'failed')
    return (
      <EmptyState title="The node failed">
        {node.error !== null && <NodeError error={node.error}>{start}</NodeError>}
      </EmptyState>
    );
  if (node.state !== 'running') return <EmptyState title="The node is stopped">{start}</EmptyState>;
  if (peers.length === 0) return <NoPeers />;
  if (node.topics.length === 0)
    return (
      <EmptyState title="No shard is relayed" text="A node hears only the shards that it relays.">
        <Button
          kind="primary"
          onClick={() => {
            goTo(desk, 'node');
          }}
        >
          Choose shards
        </Button>
      </EmptyState>
    );
  return children;
}

function NoPeers(): ReactNode {
  const desk = useDesk();
  const busy = useDeskState((state) => state.node.busy !== null);
  const error = useDeskState((state) => state.node.error);
  const text =
    'Paste the address of another node, let others dial this one, or start three nodes that chat on this machine.';
  return (
    <EmptyState title="No peers yet" text={text}>
      <Button
        kind="primary"
        icon="peers"
        onClick={() => {
          goTo(desk, 'peers');
        }}
      >
        Connect to a peer
      </Button>
      <Button busy={busy} onClick={() => void startDemo(desk)}>
        Start the demo
      </Button>
      <Button
        onClick={() => {
          goTo(desk, 'node');
        }}
      >
        Show this node’s address
      </Button>
      {error !== null && <ErrorNotice error={error} />}
    </EmptyState>
  );
}
