/** The neighbours: who they are, how they came, how fast they answer, and whose mesh they are in. */
import { useRef, type ReactNode } from 'react';
import { useDeskState } from '../../store/use-desk.ts';
import { ConnectBar } from './connect-bar.tsx';
import { PeerDetails } from './peer-details.tsx';
import { PeerGrid } from './peer-grid.tsx';
import './peers.css';

export function PeersView(): ReactNode {
  const selected = useDeskState(({ peers }) => peers.selected);
  const details = useRef<HTMLElement>(null);
  return (
    <div className="peers">
      <ConnectBar />
      <div className="split">
        <PeerGrid
          onOpen={() => {
            details.current?.querySelector<HTMLElement>('button')?.focus();
          }}
        />
        {selected !== null && <PeerDetails peerId={selected} paneRef={details} />}
      </div>
    </div>
  );
}
