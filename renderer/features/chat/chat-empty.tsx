/** Why nothing stands in the room, and the next act. */
import type { ReactNode } from 'react';
import { focusComposer } from '../../store/chat-actions.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { NodeMissing } from '../node/node-missing.tsx';

export function ChatEmpty({ isLoading }: { isLoading: boolean }): ReactNode {
  if (isLoading) return <EmptyState title="Looking for what was said" />;
  return (
    <NodeMissing>
      <EmptyState title="Nothing was said here yet" text="What the others write appears as it comes.">
        <Button kind="primary" onClick={focusComposer}>
          Write the first message
        </Button>
      </EmptyState>
    </NodeMissing>
  );
}
