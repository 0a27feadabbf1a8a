/** The side bar: the views. */
import type { ReactNode } from 'react';
import { useDesk, useDeskState } from '../store/use-desk.ts';
import { countOf } from '../features/doctor/finding-order.ts';
import { unreadOf } from '../store/chat-rooms.ts';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { goTo } from '../store/view-actions.ts';
import { VIEW_TABLE } from './views.ts';

export function Nav(): ReactNode {
  const desk = useDesk();
  const view = useDeskState((state) => state.view);
  const peers = useDeskState(({ live }) => live?.peers.length ?? 0);
  const unread = useDeskState(({ chat }) => unreadOf(chat));
  const bad = useDeskState(({ doctor }) => countOf(doctor.report, 'bad'));
  return (
    <nav className="nav" aria-label="Views">
      {VIEW_TABLE.map(({ name, title, icon, digit }) => (
        <button
          key={name}
          type="button"
          className="nav-item"
          aria-current={name === view ? 'page' : undefined}
          title={`${title} (${digit})`}
          onClick={() => {
            goTo(desk, name);
          }}
        >
          <Icon name={icon} />
          <span className="nav-title">{title}</span>
          {name === 'doctor' && bad > 0 && (
            <span className="nav-count bad">
              {formatCount(bad)}
              <span className="visually-hidden"> bad</span>
            </span>
          )}
          {name === 'chat' && unread > 0 && (
            <span className="nav-count">
              {formatCount(unread)}
              <span className="visually-hidden"> unread</span>
            </span>
          )}
          {name === 'peers' && peers > 0 && <span className="nav-count">{formatCount(peers)}</span>}
        </button>
      ))}
    </nav>
  );
}
