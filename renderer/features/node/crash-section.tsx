/** Crashes of the node's process: when, why, and the whole report to copy or save. */
import type { ReactNode } from 'react';
import type { CrashSummary } from '../../../core/operations/live-values.ts';
import { copyCrashReport, saveCrashReport } from '../../store/crash-actions.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { Copyable } from '../../ui/facts.tsx';
import { formatCount, formatInstant } from '../../ui/format.ts';
import { visibleLine } from '../../ui/visible-text.ts';

/** The newest; the folder has more. */
const SHOWN_CRASHES = 5;

export function CrashSection(): ReactNode {
  const crashes = useDeskState(({ live }) => live?.node.crashes);
  if (crashes === undefined || crashes.length === 0) return null;
  return (
    <section className="panel" aria-label="Crashes">
      <h3>Crashes: {formatCount(crashes.length)}</h3>
      <ul className="plain-list crashes">
        {[...crashes.slice(-SHOWN_CRASHES)].reverse().map((crash) => (
          <li key={crash.id}>
            <p>
              <span className="mono muted">{momentOf(crash)}</span> {visibleLine(crash.reason)}
            </p>
            {crash.file !== null && <Copyable text={crash.file} label="Copy the path of the report" />}
            <CrashActs crash={crash} />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function CrashActs({ crash: { id } }: { crash: CrashSummary }): ReactNode {
  const desk = useDesk();
  return (
    <span className="crash-acts">
      <Button kind="quiet" icon="copy" onClick={() => void copyCrashReport(desk, id)}>
        Copy crash report
      </Button>
      <Button kind="quiet" icon="export" onClick={() => void saveCrashReport(desk, id)}>
        Save crash report
      </Button>
    </span>
  );
}

/** Local date and time, to the second. */
function momentOf({ at }: CrashSummary): string {
  return formatInstant(BigInt(Date.parse(at)) * 1_000_000n).slice(0, 19);
}
