/** The view that asks store nodes. */
import type { Locator, Page } from 'playwright';

export class StorePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get form(): Locator {
    return this.#page.getByRole('form', { name: 'Query of a store' });
  }

  field(label: 'Store node' | 'Pubsub topic' | 'Content topics' | 'From' | 'To'): Locator {
    return this.form.getByLabel(label, { exact: true });
  }

  get query(): Locator {
    return this.form.getByRole('button', { name: 'Query' });
  }

  get more(): Locator {
    return this.#page.getByRole('main').getByRole('button', { name: 'More' });
  }

  get grid(): Locator {
    return this.#page.getByRole('grid', { name: 'Stored messages' });
  }

  get rows(): Locator {
    return this.grid.locator('[role=row][data-key]');
  }

  get details(): Locator {
    return this.#page.getByRole('complementary', { name: 'Details' });
  }
}
