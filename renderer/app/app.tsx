/** The window: bar, side bar, the view, and what lies above them. */
import { useEffect, useRef, type ComponentType, type ReactNode } from 'react';
import { ChatView } from '../features/chat/chat-view.tsx';
import { DoctorView } from '../features/doctor/doctor-view.tsx';
import { MessagesView } from '../features/messages/messages-view.tsx';
import { NodeView } from '../features/node/node-view.tsx';
import { PeersView } from '../features/peers/peers-view.tsx';
import { PublishView } from '../features/publish/publish-view.tsx';
import { StoreView } from '../features/store/store-view.tsx';
import type { Desk } from '../store/desk.ts';
import { examine } from '../store/doctor-actions.ts';
import { isForDoctor } from '../store/error-data.ts';
import type { ViewName } from '../store/state.ts';
import { DeskContext, useDesk, useDeskState } from '../store/use-desk.ts';
import { goTo } from '../store/view-actions.ts';
import { HostNotice } from './host-notice.tsx';
import { Nav } from './nav.tsx';
import { PreviousEndNotice } from './previous-end-notice.tsx';
import { Palette } from './palette.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { useShortcuts } from './shortcuts.ts';
import { Toasts } from './toasts.tsx';
import { TopBar } from './top-bar.tsx';
import { VIEW_TABLE } from './views.ts';

const VIEWS: Record<ViewName, ComponentType> = {
  messages: MessagesView,
  peers: PeersView,
  publish: PublishView,
  chat: ChatView,
  node: NodeView,
  store: StoreView,
  doctor: DoctorView,
};

export function App({ desk }: { desk: Desk }): ReactNode {
  return (
    <DeskContext value={desk}>
      <Window />
    </DeskContext>
  );
}

function Window(): ReactNode {
  useShortcuts();
  const desk = useDesk();
  const engine = useDeskState(({ live }) => live?.engine.kind);
  useEffect(() => {
    // What keeps the chosen engine from running is counted in the side bar.
    if (engine !== undefined) void examine(desk, false);
  }, [desk, engine]);
  const needsDoctor = useDeskState(({ live }) => isForDoctor(live?.node.error ?? null));
  useEffect(() => {
    // A window that opens without its engine begins where the next step is.
    if (needsDoctor) goTo(desk, 'doctor');
  }, [desk, needsDoctor]);
  const view = useDeskState((state) => state.view);
  const overlay = useDeskState((state) => state.overlay);
  const main = useRef<HTMLElement>(null);
  const title = VIEW_TABLE.find(({ name }) => name === view)?.title ?? '';
  useEffect(() => {
    document.title = `${title} · Waku Desk`;
  }, [title]);
  const shown = useRef(view);
  useEffect(() => {
    // What had the focus went with its view.
    if (shown.current !== view && document.activeElement === document.body) main.current?.focus();
    shown.current = view;
  }, [view]);
  const View = VIEWS[view];
  return (
    <div className="window">
      <TopBar />
      <Nav />
      <main ref={main} className="main" tabIndex={-1} aria-label={title}>
        <HostNotice />
        <PreviousEndNotice />
        <View key={view} />
      </main>
      <Toasts />
      {overlay === 'palette' && <Palette />}
      {overlay === 'shortcuts' && <ShortcutSheet />}
    </div>
  );
}
