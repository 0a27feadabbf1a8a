/** Start, stop, restart, and what went wrong. */
import type { ReactNode } from 'react';
import type { EngineState } from '../../../core/engine/events.ts';
import { restartNode, startNode, stopNode } from '../../store/node-actions.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { formatCountdown } from '../../ui/format.ts';
import { useNow } from '../../ui/use-now.ts';
import { CrashActs } from './crash-section.tsx';
import { NodeError, useNodeHelp } from './node-error.tsx';

export function NodeHead(): ReactNode {
  const desk = useDesk();
  const status = useDeskState(({ live }) => live?.node);
  const busy = useDeskState(({ node }) => node.busy);
  const error = useDeskState(({ node }) => node.error);
  const restartAtMs = useDeskState((state) => state.restartAtMs);
  const nowMs = useNow(restartAtMs === null ? null : 500);
  const state = status?.state;
  const failure = status?.error ?? null;
  const help = useNodeHelp(failure);
  const lastCrash = status?.crashes.at(-1);
  const isItsCrash = lastCrash !== undefined && [failure?.message, failure?.cause].includes(lastCrash.reason);
  const isUp = state === 'running' || state === 'starting';
  const waits = restartAtMs !== null;
  return (
    <div className="bar-block">
      <div className="bar-line">
        <h2 className="node-state">
          The node {waits ? `is restarting in ${formatCountdown(restartAtMs - nowMs)}` : stateWords(state)}
        </h2>
        <span className="grow" />
        {isUp ? (
          <>
            <Button
              icon="stop"
              busy={busy === 'stop'}
              disabled={busy !== null}
              onClick={() => void stopNode(desk)}
            >
              Stop
            </Button>
            <Button busy={busy === 'restart'} disabled={busy !== null} onClick={() => void restartNode(desk)}>
              Restart
            </Button>
          </>
        ) : (
          <>
            {waits && <Button onClick={() => void stopNode(desk)}>Stay stopped</Button>}
            <Button
              kind={help === null ? 'primary' : 'plain'}
              icon="play"
              busy={busy === 'start' || state === 'stopping'}
              disabled={busy !== null}
              onClick={() => void startNode(desk)}
            >
              {waits ? 'Start now' : 'Start'}
            </Button>
          </>
        )}
      </div>
      {failure !== null && (
        <NodeError error={failure}>{isItsCrash && <CrashActs crash={lastCrash} />}</NodeError>
      )}
      {error !== null && error.message !== failure?.message && <NodeError error={error} />}
    </div>
  );
}

function stateWords(state: EngineState | undefined): string {
  return state === 'failed' ? 'failed' : `is ${state ?? 'unknown'}`;
}
