/** What store nodes have kept: asked by topics and time, shown page by page. */
import { useRef, type ReactNode } from 'react';
import { useDeskState } from '../../store/use-desk.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { visibleLine } from '../../ui/visible-text.ts';
import { QueryForm } from './query-form.tsx';
import { StoreDetails } from './store-details.tsx';
import { StoreGrid } from './store-grid.tsx';
import './store.css';

export function StoreView(): ReactNode {
  const engine = useDeskState(({ live }) => live?.engine);
  const selected = useDeskState(({ store }) =>
    store.selected === null ? undefined : store.rows[store.selected],
  );
  const details = useRef<HTMLElement>(null);
  if (engine === undefined)
    return <EmptyState title="Waiting for the host" text="The store shows up with the connection." />;
  const { storeQuery } = engine.capabilities;
  if (!storeQuery.supported)
    return (
      <div className="store">
        <EmptyState
          title={`The ${engine.kind} engine queries no stores`}
          text={visibleLine(storeQuery.reason)}
        >
          <code className="mono code">{storeQuery.code}</code>
        </EmptyState>
      </div>
    );
  return (
    <div className="store">
      <QueryForm />
      <div className="split">
        <StoreGrid
          onOpen={() => {
            details.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
          }}
        />
        {selected !== undefined && <StoreDetails row={selected} paneRef={details} />}
      </div>
    </div>
  );
}
