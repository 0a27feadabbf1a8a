/** Freezes the view, not the capture, and counts what waits. */
import type { ReactNode } from 'react';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';

export function PauseButton(): ReactNode {
  const desk = useDesk();
  const paused = useDeskState(({ messages }) => messages.paused);
  useDeskState(({ messages }) => (messages.paused ? messages.version : 0));
  return (
    <Button
      icon={paused ? 'play' : 'pause'}
      className={paused ? 'pause is-paused' : 'pause'}
      aria-pressed={paused}
      title={paused ? 'Resume (Space)' : 'Pause the view; capturing goes on (Space)'}
      onClick={() => {
        desk.messages.togglePause();
      }}
    >
      {paused ? (
        <span>
          Paused · <span className="number">{formatCount(desk.messages.waiting)}</span> waiting
        </span>
      ) : (
        'Pause'
      )}
    </Button>
  );
}
