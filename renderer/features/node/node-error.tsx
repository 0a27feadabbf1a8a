/** Why the node does not run, with what helps beside starting it. */
import type { ReactNode } from 'react';
import type { ErrorData } from '../../../core/engine/errors.ts';
import { isForDoctor } from '../../store/error-data.ts';
import { relaunchApp } from '../../store/node-actions.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { goTo } from '../../store/view-actions.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';

export function NodeError({ error, children }: { error: ErrorData; children?: ReactNode }): ReactNode {
  const desk = useDesk();
  const isDesktop = useDeskState(({ live }) => live?.host === 'desktop');
  const busy = useDeskState(({ node }) => node.busy);
  return (
    <ErrorNotice error={error}>
      {isForDoctor(error) && (
        <Button
          icon="doctor"
          onClick={() => {
            goTo(desk, 'doctor');
          }}
        >
          Open the doctor
        </Button>
      )}
      {isDesktop && error.code === 'RESTART_NEEDS_NEW_PROCESS' && (
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
