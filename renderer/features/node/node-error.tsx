/** Why the node does not run, with what helps beside starting it. */
import type { ReactNode } from 'react';
import type { ErrorData } from '../../../core/engine/errors.ts';
import { isForDoctor } from '../../store/error-data.ts';
import { relaunchApp } from '../../store/node-actions.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { goTo } from '../../store/view-actions.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';

/** What helps more than another start; null: nothing. */
export function useNodeHelp(error: ErrorData | null): 'doctor' | 'relaunch' | null {
  const isDesktop = useDeskState(({ live }) => live?.host === 'desktop');
  if (isForDoctor(error)) return 'doctor';
  return isDesktop && error?.code === 'RESTART_NEEDS_NEW_PROCESS' ? 'relaunch' : null;
}

export function NodeError({ error, children }: { error: ErrorData; children?: ReactNode }): ReactNode {
  const desk = useDesk();
  const busy = useDeskState(({ node }) => node.busy);
  const help = useNodeHelp(error);
  // Its own words are for a command line.
  const hint = help === 'doctor' ? 'The doctor says where to get it and where to put it.' : error.hint;
  return (
    <ErrorNotice error={{ ...error, hint }}>
      {help === 'doctor' && (
        <Button
          kind="primary"
          icon="doctor"
          onClick={() => {
            goTo(desk, 'doctor');
          }}
        >
          Open the doctor
        </Button>
      )}
      {help === 'relaunch' && (
        <Button
          kind="primary"
          busy={busy === 'relaunch'}
          disabled={busy !== null}
          onClick={() => void relaunchApp(desk)}
        >
          Start the app again
        </Button>
      )}
      {children}
    </ErrorNotice>
  );
}
