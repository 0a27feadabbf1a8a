/** How the page of the desktop app reaches its main process, as both sides and the preload script between know it. */
import type { PageMessage } from './window-bridge-messages.ts';

/** The name of the one channel, both ways. */
export const BRIDGE_CHANNEL = 'waku-desk';

/** The preload script puts it into the page as `window.wakuDesk`; there is nothing else of Electron in a page. */
export interface WindowBridge {
  send(message: PageMessage): void;
  /** @returns the unsubscribe */
  onMessage(listener: (message: unknown) => void): () => void;
}
