/** Results of what the user just did, with the way back where there is one. */
import type { ReactNode } from 'react';
import { useDesk, useDeskState } from '../store/use-desk.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';

export function Toasts(): ReactNode {
  const desk = useDesk();
  const toasts = useDeskState((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, tone, text, action }) => (
        <div key={id} className="toast">
          <Icon name={tone === 'good' ? 'check' : 'warn'} className={`tone-${tone}`} />
          <span className="toast-words">{text}</span>
          {action !== null && (
            <Button
              onClick={() => {
                desk.dismissToast(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton
            icon="close"
            label="Dismiss"
            onClick={() => {
              desk.dismissToast(id);
            }}
          />
        </div>
      ))}
    </div>
  );
}
