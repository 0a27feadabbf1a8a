/** Why the list is empty, and the next act. */
import type { ReactNode } from 'react';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { goTo } from '../../store/view-actions.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { NodeMissing } from '../node/node-missing.tsx';

export function MessagesEmpty(): ReactNode {
  const desk = useDesk();
  const search = useDeskState((state) => state.messages.search);
  if (search !== null && desk.messages.total > 0) return <NoMatch />;
  return (
    <NodeMissing>
      <EmptyState
        title="Nothing received yet"
        text="Messages of the relayed shards appear here as they come."
      >
        <Button
          kind="primary"
          icon="publish"
          onClick={() => {
            goTo(desk, 'publish');
          }}
        >
          Publish a message
        </Button>
      </EmptyState>
    </NodeMissing>
  );
}

function NoMatch(): ReactNode {
  const desk = useDesk();
  const search = useDeskState((state) => state.messages.search);
  if (search?.state === 'failed' && search.error !== null) return <ErrorNotice error={search.error} />;
  if (search?.state === 'searching')
    return <EmptyState title={`Searching: ${Math.round(search.share * 100)}% looked at`} />;
  return (
    <EmptyState title="Nothing matches the filter">
      <Button
        kind="primary"
        onClick={() => {
          desk.messages.apply('');
        }}
      >
        Clear the filter
      </Button>
    </EmptyState>
  );
}
