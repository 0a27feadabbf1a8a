/** Tabs of ARIA: arrows move, the chosen one is the only tab stop. */
import { useId, type KeyboardEvent, type ReactNode } from 'react';

interface TabsProps<T extends string> {
  label: string;
  tabs: readonly { id: T; title: string }[];
  chosen: T;
  onChoose: (id: T) => void;
  /** Stands at the end of the bar. */
  extra?: ReactNode;
  /** Stands under the panel. */
  foot?: ReactNode;
  children: ReactNode;
}

export function Tabs<T extends string>(props: TabsProps<T>): ReactNode {
  const { label, tabs, chosen, onChoose, extra, foot, children } = props;
  const base = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const at = tabs.findIndex(({ id }) => id === chosen);
    const step = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = step === undefined ? undefined : tabs[(step + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div className="tabs">
      <div className="tabs-bar">
        <div role="tablist" aria-label={label} className="tablist" onKeyDown={onKeyDown}>
          {tabs.map(({ id, title }) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`${base}${id}`}
              data-tab={id}
              className="tab"
              aria-selected={id === chosen}
              aria-controls={`${base}panel`}
              tabIndex={id === chosen ? 0 : -1}
              onClick={() => {
                onChoose(id);
              }}
            >
              {title}
            </button>
          ))}
        </div>
        {extra}
      </div>
      <div
        role="tabpanel"
        id={`${base}panel`}
        aria-labelledby={`${base}${chosen}`}
        className="tabpanel"
        tabIndex={0}
      >
        {children}
      </div>
      {foot}
    </div>
  );
}
