/**
 * The window as a user sees it, found by roles and words. Knows nothing of the host that it runs in: a browser
 * with `waku-desk serve`, or the desktop app.
 */
import type { Locator, Page } from 'playwright';
import { expect } from 'playwright/test';
import { ChatPage } from './chat-page.ts';
import { DoctorPage } from './doctor-page.ts';
import { MessagesPage } from './messages-page.ts';
import { NodePage } from './node-page.ts';
import { PeersPage } from './peers-page.ts';
import { PublishPage } from './publish-page.ts';
import { StorePage } from './store-page.ts';

export const VIEWS = ['Messages', 'Peers', 'Publish', 'Chat', 'Node', 'Store', 'Doctor'] as const;
export type View = (typeof VIEWS)[number];

/** The machine may be ten times slower than usual. */
export const PATIENCE = { timeout: 30_000 };

/** Assertions about what is on the page: each waits until it holds. */
export const see = expect.configure(PATIENCE);

export class DeskWindow {
  readonly page: Page;
  readonly messages: MessagesPage;
  readonly peers: PeersPage;
  readonly publish: PublishPage;
  readonly chat: ChatPage;
  readonly node: NodePage;
  readonly store: StorePage;
  readonly doctor: DoctorPage;

  constructor(page: Page) {
    this.page = page;
    this.messages = new MessagesPage(page);
    this.peers = new PeersPage(page);
    this.publish = new PublishPage(page);
    this.chat = new ChatPage(page);
    this.node = new NodePage(page);
    this.store = new StorePage(page);
    this.doctor = new DoctorPage(page);
  }

  /** The button at the top that tells where the node stands. */
  get chip(): Locator {
    return this.page.getByRole('banner').locator('.chip');
  }

  get toasts(): Locator {
    return this.page.locator('.toasts');
  }

  /** Says above every view that there is no connection to the host. */
  get hostNotice(): Locator {
    return this.page.locator('.host-notice');
  }

  /** Says above every view that the app did not end in order the time before. */
  get previousEnd(): Locator {
    return this.page.getByRole('region', { name: 'The end before this start' });
  }

  get palette(): Locator {
    return this.page.getByRole('dialog', { name: 'Commands' });
  }

  async goTo(view: View): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('button', { name: new RegExp(`^${view}`) })
      .click();
    await this.expectView(view);
  }

  async expectView(view: View): Promise<void> {
    await see(this.page.getByRole('main', { name: view })).toBeVisible();
  }

  /** Waits until the chip says so. */
  async expectChip(text: RegExp | string): Promise<void> {
    await see(this.chip).toContainText(text);
  }

  /** Runs a command by its words, as from the keyboard. */
  async command(words: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k');
    await this.palette.getByRole('combobox').fill(words);
    await this.page.keyboard.press('Enter');
    await see(this.palette).toBeHidden();
  }
}
