/** The page in a browser: the host that served it is at the other end of a WebSocket. */
import './jitless.ts';
import './styles.ts';
import { createRoot } from 'react-dom/client';
import { createClient } from '../core/operations/host-client.ts';
import { pageChannel } from '../core/operations/web-socket-channel.ts';
import { App } from './app/app.tsx';
import { restoreChat } from './store/chat-actions.ts';
import { createDesk } from './store/desk.ts';
import { restoreTheme } from './store/view-actions.ts';

const desk = createDesk(createClient(pageChannel(window, (url) => new window.WebSocket(url))));
restoreTheme(desk);
restoreChat(desk);
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App desk={desk} />);
