/** The choice of the engine; those that cannot run stand there with the reason, and the doctor has the next step. */
import type { ReactNode } from 'react';
import type { EngineKind } from '../../../core/engine/capabilities.ts';
import { PROFILES } from '../../../core/engine/profiles.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { goTo } from '../../store/view-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { visibleLine } from '../../ui/visible-text.ts';

interface EngineFieldProps {
  chosen: EngineKind;
  isChanged: boolean;
  onChange: (kind: string) => void;
}

export function EngineField({ chosen, isChanged, onChange }: EngineFieldProps): ReactNode {
  const desk = useDesk();
  const carried = useDeskState(({ live }) => PROFILES[live?.profile ?? 'harness'].engines);
  const engines = useDeskState(({ doctor }) => doctor.report?.engines);
  const cannot = (engines ?? []).filter(({ kind, canRun }) => !canRun && carried.includes(kind));
  const hint = [
    'The node behind this window.',
    ...cannot.map(({ kind, reason }) => visibleLine(`${kind} cannot run: ${reason}`)),
  ].join(' ');
  return (
    <Field label={isChanged ? 'Engine (changed)' : 'Engine'} hint={hint}>
      {(props) => (
        <span className="engine-field">
          <select
            {...props}
            className="input"
            value={chosen}
            onChange={(event) => {
              onChange(event.target.value);
            }}
          >
            {carried.map((kind) => {
              const isOut = cannot.some((one) => one.kind === kind);
              return (
                <option key={kind} value={kind} disabled={isOut && kind !== chosen}>
                  {isOut ? `${kind} (cannot run)` : kind}
                </option>
              );
            })}
          </select>
          <Button
            kind="quiet"
            icon="doctor"
            onClick={() => {
              goTo(desk, 'doctor');
            }}
          >
            Doctor
          </Button>
        </span>
      )}
    </Field>
  );
}
