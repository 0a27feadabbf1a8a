/** The page as `npm run dev` shows it: Vite's server, which replaces in the window what is edited. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createServer as createViteServer } from 'vite';
import { PAGE_HOST, type PageServer } from '../electron/security/page-server.ts';
import { ROOT } from './package/places.ts';

export interface ServedPage {
  server: PageServer;
  close: () => Promise<void>;
}

export async function servePage(): Promise<ServedPage> {
  const server = createServer().listen(0, PAGE_HOST);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the page has no port');
  const { port } = address;
  const nonce = randomBytes(16).toString('base64url');
  const vite = await createViteServer({
    configFile: join(ROOT, 'renderer', 'vite.config.ts'),
    cacheDir: join(ROOT, '.cache', 'vite'),
    logLevel: 'warn',
    html: { cspNonce: nonce },
    server: {
      host: PAGE_HOST,
      middlewareMode: true,
      // The page is of the app's own scheme: its address tells nothing of this server.
      ws: { server, protocol: 'ws', host: PAGE_HOST, clientPort: port },
      // No page of a browser on this machine reads it.
      cors: false,
      fs: { allow: ['core', 'node_modules', 'renderer'].map((folder) => join(ROOT, folder)) },
    },
  });
  server.on('request', vite.middlewares);
  return {
    server: { port, nonce },
    async close() {
      server.close();
      server.closeAllConnections();
      await vite.close();
    },
  };
}
