/** A fact with its name, in a `<dl className="facts">`; texts that copy whole. */
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import { visibleLine } from './visible-text.ts';

export function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A stranger's text, shown whole. */
export function Copyable({ text, label }: { text: string; label: string }): ReactNode {
  return (
    <span className="copyable">
      <code className="mono breakable">{visibleLine(text)}</code>
      <CopyButton text={text} label={label} />
    </span>
  );
}

/** Several texts under one name. */
export function CopyableList({
  name,
  items,
  none = 'none',
}: {
  name: string;
  items: readonly string[];
  /** Where there are no items. */
  none?: string;
}): ReactNode {
  return (
    <Fact name={name}>
      {items.length === 0 && <span className="muted">{none}</span>}
      {items.length > 0 && (
        <ul className="plain-list">
          {items.map((item) => (
            <li key={item}>
              <Copyable text={item} label={`Copy ${name}: ${visibleLine(item)}`} />
            </li>
          ))}
        </ul>
      )}
    </Fact>
  );
}
