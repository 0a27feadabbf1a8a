/** What the doctor found: which engines can run, and what to do about the rest. */
import type { ReactNode } from 'react';
import { examine } from '../../store/doctor-actions.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { EnginesSection } from './engines-section.tsx';
import { FindingItem } from './finding-item.tsx';
import { headline, inOrder, reportText } from './finding-order.ts';
import './doctor.css';

export function DoctorView(): ReactNode {
  const desk = useDesk();
  const { report, busy, error } = useDeskState(({ doctor }) => doctor);
  return (
    <div className="doctor">
      <div className="bar-block">
        <div className="bar-line">
          <h2>
            <span role="status">{report === null ? 'Doctor' : headline(report)}</span>
          </h2>
          <span className="grow" />
          {report !== null && (
            <CopyButton text={() => reportText(report)} label="Copy report">
              Copy report
            </CopyButton>
          )}
          <Button busy={busy} onClick={() => void examine(desk, true)}>
            Examine again
          </Button>
        </div>
        {error !== null && <ErrorNotice error={error} />}
      </div>
      {report === null && (
        <EmptyState
          title={busy ? 'Looking at this machine' : 'Nothing was examined yet'}
          text="Libraries, engines, ports, addresses, clock and disk."
        />
      )}
      {report !== null && (
        <div className="doctor-report">
          <EnginesSection engines={report.engines} />
          <section className="panel" aria-label="Findings">
            <h3>Findings</h3>
            <ul className="plain-list findings">
              {inOrder(report.findings).map((finding) => (
                <FindingItem key={finding.id} finding={finding} />
              ))}
            </ul>
          </section>
        </div>
      )}
    </div>
  );
}
