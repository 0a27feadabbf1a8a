/** The chip at the top, and the live region that reads its state out. */
import type { ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useDesk, useDeskState } from '../store/use-desk.ts';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/use-now.ts';
import { chipOf } from './chip.ts';
import { leadTo } from './views.ts';

const LEADS = {
  retry: 'Try to connect now',
  peers: 'Show peers',
  node: 'Show the node',
  settings: 'Show settings',
  doctor: 'Open the doctor',
} as const;

export function ChipButton(): ReactNode {
  const desk = useDesk();
  const input = useDeskState(
    useShallow(({ connection, live, restartAtMs, node: { busy } }) => ({
      connection,
      live,
      restartAtMs,
      busy,
    })),
  );
  const counts = input.restartAtMs !== null || input.connection.state === 'lost';
  const nowMs = useNow(counts ? 500 : null);
  const { tone, icon, state, facts, leadsTo } = chipOf(input, nowMs);
  return (
    <>
      <button
        type="button"
        className={`chip chip-${tone}`}
        title={LEADS[leadsTo]}
        onClick={() => {
          leadTo(desk, leadsTo);
        }}
      >
        <Icon name={icon} className={`tone-${tone}`} />
        <span className="chip-state">{state}</span>
        {facts !== '' && <span className="chip-facts">· {facts}</span>}
      </button>
      <span className="visually-hidden" role="status">
        {state}
      </span>
    </>
  );
}
