/** The live list of messages, its filter, and what is known of the selected one. */
import { useRef, type ReactNode } from 'react';
import { useDeskState } from '../../store/use-desk.ts';
import { DetailsPane } from './details-pane.tsx';
import { FilterBar } from './filter-bar.tsx';
import { MessageGrid } from './message-grid.tsx';
import './messages.css';

export function MessagesView(): ReactNode {
  const selected = useDeskState(({ messages }) => messages.selected);
  const details = useRef<HTMLElement>(null);
  const openDetails = (): void => {
    details.current?.querySelector<HTMLElement>('[role="tab"][tabindex="0"]')?.focus();
  };
  return (
    <div className="messages">
      <FilterBar />
      <div className="split">
        <MessageGrid onOpen={openDetails} />
        {selected !== null && <DetailsPane position={selected} paneRef={details} />}
      </div>
    </div>
  );
}
