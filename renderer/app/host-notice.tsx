/** Says above every view that its data stand still, and what to do. */
import type { ReactNode } from 'react';
import { useDesk, useDeskState } from '../store/use-desk.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { visibleLine } from '../ui/visible-text.ts';

export function HostNotice(): ReactNode {
  const desk = useDesk();
  const reason = useDeskState((state) => state.lostReason);
  const connecting = useDeskState(({ connection }) => connection.state === 'connecting');
  const hasData = useDeskState(({ live }) => live !== null);
  if (reason === null) return null;
  return (
    <div className="notice notice-bad host-notice" role="alert">
      <Icon name="warn" />
      <div className="notice-words">
        <p>{visibleLine(reason)}</p>
        {hasData && (
          <p className="muted">What you see is as it was then; nothing you do here reaches the node.</p>
        )}
      </div>
      <div className="notice-acts">
        <Button
          busy={connecting}
          onClick={() => {
            desk.client.retryNow();
          }}
        >
          Connect now
        </Button>
      </div>
    </div>
  );
}
