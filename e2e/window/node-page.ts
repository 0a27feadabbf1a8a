/** The view of the node. */
import type { Locator, Page } from 'playwright';

export class NodePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get state(): Locator {
    return this.#page.getByRole('heading', { name: /^The node is/ });
  }

  section(name: 'Identity' | 'Shards' | 'Engine' | 'Crashes' | 'Traffic and capture'): Locator {
    return this.#page.getByRole('region', { name });
  }

  shard(number: number): Locator {
    return this.section('Shards').getByRole('switch', { name: `shard ${number}` });
  }

  /** The line of a shard, with its health. */
  shardLine(number: number): Locator {
    return this.section('Shards')
      .getByRole('listitem')
      .filter({ hasText: `shard ${number}` });
  }

  get logLines(): Locator {
    return this.#page.getByRole('region', { name: 'Log lines' }).getByRole('listitem');
  }

  get settings(): Locator {
    return this.#page.getByRole('form', { name: 'Settings' });
  }

  /** Why the node does not run. */
  get problem(): Locator {
    return this.#page.getByRole('main').getByRole('alert');
  }

  /** Of the settings. */
  get engine(): Locator {
    return this.settings.getByLabel(/^Engine/);
  }

  async peerId(): Promise<string> {
    return this.section('Identity')
      .getByText(/^16Uiu2HA\w+$/)
      .innerText();
  }

  /** Copies the first address that the node listens on. */
  async copyAddress(): Promise<void> {
    await this.section('Identity')
      .getByRole('button', { name: /^Copy addresses/ })
      .first()
      .click();
  }

  openTab(name: 'Overview' | 'Log' | 'Settings'): Promise<void> {
    return this.#page.getByRole('main').getByRole('tab', { name }).click();
  }

  act(name: 'Start' | 'Stop' | 'Restart' | 'Start now' | 'Stay stopped'): Promise<void> {
    return this.#page.getByRole('main').getByRole('button', { name, exact: true }).click();
  }
}
