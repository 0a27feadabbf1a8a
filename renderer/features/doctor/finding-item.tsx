/** One finding: its level as shape and word, what is the case, what to do, and the facts behind it. */
import type { ReactNode } from 'react';
import type { Finding, FindingLevel } from '../../../core/operations/doctor-values.ts';
import { CopyableList } from '../../ui/facts.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { visibleLine } from '../../ui/visible-text.ts';
import { addLibrary } from '../../store/doctor-actions.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { detailText, engineOfLibrary } from './finding-order.ts';

const ICONS: Record<FindingLevel, IconName> = { good: 'check', notice: 'half', bad: 'warn' };

export function FindingItem({ finding }: { finding: Finding }): ReactNode {
  const desk = useDesk();
  const isDesktop = useDeskState(({ live }) => live?.host === 'desktop');
  const { level, subject, message, hint, details } = finding;
  const engine = isDesktop && level !== 'good' ? engineOfLibrary(finding) : null;
  const facts = Object.entries(details).flatMap(([name, value]) => {
    const text = detailText(value);
    return text === null || text === '' ? [] : [{ name, items: text.split('\n') }];
  });
  return (
    <li className="finding">
      <span className={`finding-level level-${level}`}>
        <Icon name={ICONS[level]} /> {level}
      </span>
      <div className="finding-words">
        <p>
          <strong>{subject}</strong> {visibleLine(message)}
        </p>
        {hint !== '' && <p className="muted">Next: {visibleLine(hint)}</p>}
        {engine !== null && (
          <p>
            <Button onClick={() => void addLibrary(desk, engine)}>Choose the file…</Button>
          </p>
        )}
        {facts.length > 0 && (
          <details>
            <summary className="muted">
              Details<span className="visually-hidden"> of {subject}</span>
            </summary>
            <dl className="facts">
              {facts.map(({ name, items }) => (
                <CopyableList key={name} name={name} items={items} />
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  );
}
