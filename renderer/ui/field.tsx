/** A labelled control; what is wrong with it stands under it, where room is kept. */
import { useId, type ReactNode } from 'react';

export interface FieldControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
}

interface FieldProps {
  label: string;
  hint?: ReactNode;
  problem?: string | undefined;
  className?: string;
  children: (props: FieldControlProps) => ReactNode;
}

export function Field({ label, hint, problem, className = '', children }: FieldProps): ReactNode {
  const id = useId();
  const noteId = `${id}note`;
  const hasNote = problem !== undefined || hint !== undefined;
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': hasNote ? noteId : undefined,
        'aria-invalid': problem !== undefined,
      })}
      {hasNote && (
        <p id={noteId} className={problem === undefined ? 'field-note muted' : 'field-note bad'}>
          {problem ?? hint}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; disabled?: boolean; hint?: string }[];
  onChange: (value: T) => void;
}

/** A few choices side by side, as radio buttons. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>): ReactNode {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="choice-option" title={option.hint}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => {
              onChange(option.value);
            }}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
