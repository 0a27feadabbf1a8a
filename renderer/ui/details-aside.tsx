/** The pane beside a list: Escape leads back to the list. */
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { focusMainGrid } from './virtual-grid.tsx';

interface DetailsAsideProps {
  paneRef: RefObject<HTMLElement | null>;
  children: ReactNode;
}

export function DetailsAside({ paneRef, children }: DetailsAsideProps): ReactNode {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    focusMainGrid();
  };
  return (
    <aside ref={paneRef} className="details" aria-label="Details" onKeyDown={onKeyDown}>
      {children}
    </aside>
  );
}
