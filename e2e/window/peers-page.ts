/** The view of peers. */
import type { Locator, Page } from 'playwright';

export class PeersPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get address(): Locator {
    return this.#page.getByRole('textbox', { name: 'Address of a peer' });
  }

  get rows(): Locator {
    return this.#page.getByRole('grid', { name: 'Peers' }).locator('[role=row][data-key]');
  }

  get details(): Locator {
    return this.#page.getByRole('complementary', { name: 'Details' });
  }

  get problem(): Locator {
    return this.#page.getByRole('main').getByRole('alert');
  }

  async connect(address: string): Promise<void> {
    await this.address.fill(address);
    await this.address.press('Enter');
  }

  act(name: 'Ping' | 'Disconnect'): Promise<void> {
    return this.details.getByRole('button', { name, exact: true }).click();
  }
}
