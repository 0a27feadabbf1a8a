/** The view of the chat. */
import type { Locator, Page } from 'playwright';

interface ScrollBox {
  scrollTop: number;
  scrollHeight: number;
}

export class ChatPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get nick(): Locator {
    return this.#page.getByRole('textbox', { name: 'Your nick' });
  }

  get rooms(): Locator {
    return this.#page.getByRole('list', { name: 'Rooms' }).getByRole('listitem');
  }

  /** The button that opens a room, with what is unread in it. */
  room(name: string): Locator {
    return this.rooms
      .getByRole('button')
      .filter({ hasNotText: /^Remove/ })
      .getByText(name, { exact: true });
  }

  get newRoom(): Locator {
    return this.#page.getByRole('textbox', { name: 'Another room' });
  }

  /** The open room: its head, log and line. */
  get open(): Locator {
    return this.#page.getByRole('region', { name: 'Room' });
  }

  get shard(): Locator {
    return this.open.getByRole('combobox', { name: 'Shard of the room' });
  }

  get log(): Locator {
    return this.open.getByRole('log');
  }

  /** Messages, the oldest first. */
  get lines(): Locator {
    return this.log.getByRole('article');
  }

  line(text: RegExp | string): Locator {
    return this.lines.filter({ hasText: text });
  }

  get days(): Locator {
    return this.log.locator('.chat-day');
  }

  get empty(): Locator {
    return this.log.locator('.empty');
  }

  get input(): Locator {
    return this.open.getByRole('textbox', { name: 'Message' });
  }

  get sendButton(): Locator {
    return this.open.getByRole('button', { name: 'Send', exact: true });
  }

  /** What keeps a line from being sent, and its size. */
  get note(): Locator {
    return this.open.locator('#chat-line-note');
  }

  /** Tells how many came while the end was not in view. */
  get newPill(): Locator {
    return this.open.getByRole('button', { name: /new$|^Newest$/ });
  }

  /** That the room is not heard, and the act that helps. */
  get unheard(): Locator {
    return this.open.getByRole('status').filter({ hasText: 'does not come here' });
  }

  async send(text: string): Promise<void> {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /** Of the log: 0 is its beginning, 1 its end. */
  async scrollTo(share: number): Promise<void> {
    await this.log.evaluate((element: ScrollBox, at) => {
      element.scrollTop = at * element.scrollHeight;
    }, share);
  }

  async addRoom(nameOrTopic: string): Promise<void> {
    await this.newRoom.fill(nameOrTopic);
    await this.newRoom.press('Enter');
  }
}
