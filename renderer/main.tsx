/** The page: its host is behind the bridge of the desktop app, or in a browser at the other end of a WebSocket. */
import './jitless.ts';
import './styles.ts';
import { createRoot } from 'react-dom/client';
import { createClient } from '../core/operations/host-client.ts';
import { pageChannel } from '../core/operations/web-socket-channel.ts';
import { windowBridgeChannel } from '../core/operations/window-bridge-channel.ts';
import type { WindowBridge } from '../core/operations/window-bridge.ts';
import { App } from './app/app.tsx';
import { connectMenu } from './app/desktop-menu.ts';
import { restoreChat } from './store/chat-actions.ts';
import { createDesk } from './store/desk.ts';
import { restoreTheme } from './store/view-actions.ts';

declare global {
  interface Window {
    readonly wakuDesk?: WindowBridge;
  }
}

const channel =
  window.wakuDesk === undefined
    ? pageChannel(window, (url) => new window.WebSocket(url))
    : windowBridgeChannel(window.wakuDesk);
const desk = createDesk(createClient(channel));
restoreTheme(desk);
restoreChat(desk);
if (window.wakuDesk !== undefined) connectMenu(window.wakuDesk, desk);
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App desk={desk} />);
