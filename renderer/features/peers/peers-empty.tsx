/** Why there are no peers, and the next act. */
import type { ReactNode } from 'react';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { startDemo, startNode } from '../../store/node-actions.ts';
import { Button } from '../../ui/button.tsx';
import { CopyableId } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

export function PeersEmpty(): ReactNode {
  const desk = useDesk();
  const node = useDeskState(({ live }) => live?.node ?? null);
  const busy = useDeskState((state) => state.node.busy !== null);
  if (node === null) return <EmptyState title="Waiting for the host" />;
  if (node.state === 'stopped' || node.state === 'failed')
    return (
      <EmptyState title={node.state === 'failed' ? 'The node failed' : 'The node is stopped'}>
        <Button kind="primary" icon="play" busy={busy} onClick={() => void startNode(desk)}>
          Start the node
        </Button>
      </EmptyState>
    );
  if (node.state !== 'running') return <EmptyState title={`The node is ${node.state}`} />;
  const address = node.identity?.listenAddresses[0];
  return (
    <EmptyState
      title="No peers yet"
      text="Paste an address above, or give this node’s address to another one:"
    >
      {address !== undefined && (
        <CopyableId text={address} shown={address} label="Copy this node’s address" />
      )}
      <Button busy={busy} onClick={() => void startDemo(desk)}>
        Start the demo
      </Button>
    </EmptyState>
  );
}
