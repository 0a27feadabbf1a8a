/** Which engines can run here, and why not. */
import type { ReactNode } from 'react';
import type { EngineHealth } from '../../../core/operations/doctor-values.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { goTo } from '../../store/view-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { visibleLine } from '../../ui/visible-text.ts';

export function EnginesSection({ engines }: { engines: readonly EngineHealth[] }): ReactNode {
  const desk = useDesk();
  const running = useDeskState(({ live }) => live?.engine.kind);
  return (
    <section className="panel" aria-label="Engines">
      <h3>Engines</h3>
      <ul className="plain-list abilities">
        {engines.map(({ kind, canRun, reason, version }) => (
          <li key={kind} className="ability">
            <span className={canRun ? 'good' : 'muted'}>
              <Icon name={canRun ? 'check' : 'close'} />
            </span>
            <span>
              {kind} {kind === running && <span className="muted">in use</span>}
            </span>
            <span className="muted">
              {canRun
                ? ['can run', version ?? ''].filter(Boolean).map(visibleLine).join(' · ')
                : visibleLine(`cannot run: ${reason}`)}
            </span>
          </li>
        ))}
      </ul>
      <div className="bar-line">
        <Button
          onClick={() => {
            desk.update('node', { tab: 'settings' });
            goTo(desk, 'node');
          }}
        >
          Choose the engine
        </Button>
      </div>
    </section>
  );
}
