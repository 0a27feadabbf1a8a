/** The connections of the window's pages: frames through the bridge to calls and streams of the harness, and back. */
import { ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import { describeCause } from '../../core/engine/errors.ts';
import { CLIENT_FRAME_BOUNDS, decodeFrame, encodeFrame } from '../../core/operations/codec.ts';
import {
  pageMessageSchema,
  type MainMessage,
  type MenuCommand,
  type PageMessage,
} from '../../core/operations/window-bridge-messages.ts';
import { BRIDGE_CHANNEL } from '../../core/operations/window-bridge.ts';
import { ClientConnection, type HarnessHandlers } from '../../server/harness/client-connection.ts';
import type { Harness } from '../../server/harness/harness.ts';
import { pagePath } from '../page-address.ts';

export interface PageConnectionsOptions {
  harness: Harness;
  handlers: HarnessHandlers;
  /** Hears what the page can do, for the menu. */
  commands: (commands: readonly MenuCommand[]) => void;
  /** Hears of messages that were not taken. */
  refused: (what: string) => void;
  /** A page that acknowledges nothing for so long is let go; it may come back. */
  stalledMs?: number;
}

interface Connection {
  id: number;
  client: ClientConnection;
}

const LOOK_MS = 15_000;

export class PageConnections {
  readonly #contents: WebContents;
  readonly #options: Required<PageConnectionsOptions>;
  readonly #timer: ReturnType<typeof setInterval>;
  /** A window shows one page. */
  #connection: Connection | null = null;
  /** Until a page is there. */
  #notices: MainMessage[] = [];

  /** Serves until {@link close}. */
  constructor(contents: WebContents, options: PageConnectionsOptions) {
    this.#contents = contents;
    this.#options = { stalledMs: 60_000, ...options };
    ipcMain.on(BRIDGE_CHANNEL, this.#hear);
    // Its page is gone, or another comes in its place.
    contents.on('render-process-gone', this.#end);
    contents.on('destroyed', this.#end);
    this.#timer = setInterval(() => {
      this.#letGoOfTheStalled();
    }, LOOK_MS);
  }

  /** A command of the page, chosen in the menu. */
  sendCommand(id: string): void {
    this.#send({ kind: 'command', id });
  }

  /** Shown when there is a page. */
  notify(tone: 'good' | 'bad', text: string): void {
    if (this.#connection === null) this.#notices.push({ kind: 'notice', tone, text });
    else this.#send({ kind: 'notice', tone, text });
  }

  /** The page is told why. Idempotent. */
  close(reason: string): void {
    clearInterval(this.#timer);
    ipcMain.off(BRIDGE_CHANNEL, this.#hear);
    this.#contents.off('render-process-gone', this.#end);
    this.#contents.off('destroyed', this.#end);
    this.#letGo(reason);
  }

  readonly #hear = (event: IpcMainEvent, value: unknown): void => {
    const stranger = strangerOf(event, this.#contents);
    if (stranger !== null) {
      this.#options.refused(`message of ${stranger}`);
      return;
    }
    const { success, data: message } = pageMessageSchema.safeParse(value);
    if (success) this.#receive(message);
    else this.#options.refused('message that is none of ours');
  };

  readonly #end = (): void => {
    this.#connection?.client.end();
    this.#connection = null;
  };

  #receive(message: PageMessage): void {
    if (message.kind === 'open') {
      this.#open(message.connection);
      return;
    }
    if (message.kind === 'commands') {
      this.#options.commands(message.commands);
      return;
    }
    // Of a page that was there before.
    if (message.connection !== this.#connection?.id) return;
    if (message.kind === 'close') this.#end();
    else this.#take(message.frame, this.#connection);
  }

  #open(id: number): void {
    this.#end();
    const { harness, handlers } = this.#options;
    const client = new ClientConnection(harness, handlers, {
      send: (message) => {
        this.#send({ kind: 'frame', connection: id, frame: encodeFrame(message) });
      },
    });
    this.#connection = { id, client };
    this.#send({ kind: 'opened', connection: id });
    for (const notice of this.#notices) this.#send(notice);
    this.#notices = [];
  }

  #take(frame: Uint8Array, { client }: Connection): void {
    try {
      client.receive(decodeFrame(frame, CLIENT_FRAME_BOUNDS));
    } catch (error) {
      this.#options.refused(describeCause(error));
      this.#letGo(describeCause(error));
    }
  }

  #letGoOfTheStalled(): void {
    const since = this.#connection?.client.owesSinceMs ?? null;
    if (since === null || performance.now() - since <= this.#options.stalledMs) return;
    this.#options.harness.clients.dropped++;
    this.#letGo('The window had stopped taking what Waku Desk sent.');
  }

  #letGo(reason: string): void {
    if (this.#connection === null) return;
    this.#send({ kind: 'closed', connection: this.#connection.id, reason });
    this.#end();
  }

  #send(message: MainMessage): void {
    if (!this.#contents.isDestroyed()) this.#contents.send(BRIDGE_CHANNEL, message);
  }
}

/** Who sent a message that is not of our page in its main frame; null: nobody did. */
function strangerOf({ sender, senderFrame }: IpcMainEvent, contents: WebContents): string | null {
  if (sender !== contents) return 'another window';
  // A frame that is gone already has no address any more.
  if (senderFrame === null) return 'a frame that is gone';
  if (senderFrame !== contents.mainFrame) return 'a frame within the page';
  return pagePath(senderFrame.url) === null ? `a page of ${senderFrame.url}` : null;
}
