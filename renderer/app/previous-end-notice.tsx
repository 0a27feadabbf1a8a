/** Says after a start that Waku Desk did not end in order the time before, and offers to isolate an engine that took it along. */
import { useState, type ReactNode } from 'react';
import { isolateEngine, startNode } from '../store/node-actions.ts';
import { useDesk, useDeskState } from '../store/use-desk.ts';
import { goTo } from '../store/view-actions.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { visibleLine } from '../ui/visible-text.ts';

export function PreviousEndNotice(): ReactNode {
  const desk = useDesk();
  const end = useDeskState(({ live }) => live?.previousEnd ?? null);
  const inMain = useDeskState(({ live }) => live?.engineHost === 'main');
  const stopped = useDeskState(({ live }) => live?.node.state === 'stopped');
  const busy = useDeskState(({ node }) => node.busy);
  const [dismissed, setDismissed] = useState<string | null>(null);
  if (end === null || dismissed === end.reportId) return null;
  const canIsolate = end.crashed && inMain;
  const close = (): void => {
    setDismissed(end.reportId);
  };
  return (
    <section
      className={`notice ${end.crashed ? 'notice-bad' : ''} end-notice`}
      aria-label="The end before this start"
    >
      <Icon name="warn" />
      <div className="notice-words">
        <p>{visibleLine(end.text)}</p>
        {canIsolate && (
          <p className="muted">
            In a process of its own the engine can crash without the window, and is started again by itself.
          </p>
        )}
      </div>
      <div className="notice-acts">
        {canIsolate && (
          <Button
            kind="primary"
            busy={busy === 'settings'}
            onClick={() => {
              void isolateEngine(desk).then(close);
            }}
          >
            Isolate the engine
          </Button>
        )}
        {canIsolate && stopped && (
          <Button busy={busy === 'start'} onClick={() => void startNode(desk)}>
            Start as before
          </Button>
        )}
        <Button
          kind="quiet"
          onClick={() => {
            goTo(desk, 'node');
          }}
        >
          Show the report
        </Button>
        <Button kind="quiet" icon="close" onClick={close}>
          Dismiss
        </Button>
      </div>
    </section>
  );
}
