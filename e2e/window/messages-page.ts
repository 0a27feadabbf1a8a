/** The view of messages. */
import type { Locator, Page } from 'playwright';

export type DetailsTab = 'Fields' | 'Text' | 'JSON' | 'Hex';

export class MessagesPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get grid(): Locator {
    return this.#page.getByRole('grid', { name: 'Messages' });
  }

  /** The rows that are drawn, without the head. */
  get rows(): Locator {
    return this.grid.locator('[role=row][data-key]');
  }

  row(text: RegExp | string): Locator {
    return this.rows.filter({ hasText: text });
  }

  get selectedRow(): Locator {
    return this.grid.locator('[role=row][aria-selected=true]');
  }

  get filter(): Locator {
    return this.#page.getByRole('textbox', { name: 'Filter messages' });
  }

  /** What the filter means, or what is wrong with it. */
  get filterWords(): Locator {
    return this.#page.locator('#filter-words');
  }

  get counters(): Locator {
    return this.#page.getByRole('group', { name: 'Counters' });
  }

  get pause(): Locator {
    return this.#page.getByRole('main').getByRole('button', { name: /^Pause/ });
  }

  /** Tells how many came while the list was not at its end. */
  get newPill(): Locator {
    return this.grid.locator('..').getByRole('button', { name: /new$/ });
  }

  get details(): Locator {
    return this.#page.getByRole('complementary', { name: 'Details' });
  }

  get empty(): Locator {
    return this.#page.locator('.message-grid .empty');
  }

  async openTab(name: DetailsTab): Promise<Locator> {
    await this.details.getByRole('tab', { name }).click();
    return this.details.getByRole('tabpanel');
  }

  copy(what: 'the payload as text' | 'the message as JSON' | 'the hash'): Promise<void> {
    return this.details
      .locator('.copy-bar')
      .getByRole('button', { name: `Copy ${what}` })
      .click();
  }

  /** Messages in the list, and in the session with what its capture had before. */
  async counts(): Promise<{ shown: number; total: number }> {
    const text = await this.counters.locator('.counter-shown').innerText();
    const [shown = NaN, total = NaN] = (text.match(/[\d,]+/g) ?? []).map((part) =>
      Number(part.replaceAll(',', '')),
    );
    return { shown, total };
  }
}
