/** The choice where the engine runs, on a host that has one. */
import type { ReactNode } from 'react';
import type { EngineHost } from '../../../core/engine/profiles.ts';
import { Field } from '../../ui/field.tsx';

const WORDS: Readonly<Record<EngineHost, string>> = {
  main: 'in the main process',
  utility: 'in a process of its own',
};

interface EngineHostFieldProps {
  chosen: EngineHost;
  isChanged: boolean;
  onChange: (where: string) => void;
}

export function EngineHostField({ chosen, isChanged, onChange }: EngineHostFieldProps): ReactNode {
  const label = 'Where the engine runs';
  return (
    <Field
      label={isChanged ? `${label} (changed)` : label}
      hint="In a process of its own it can crash without the window, and is started again."
    >
      {(props) => (
        <select
          {...props}
          className="input"
          value={chosen}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        >
          {Object.entries(WORDS).map(([where, words]) => (
            <option key={where} value={where}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
