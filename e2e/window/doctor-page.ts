/** The view of the doctor. */
import type { Locator, Page } from 'playwright';

export class DoctorPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get headline(): Locator {
    return this.#page.getByRole('main').getByRole('heading', { level: 2 });
  }

  get findings(): Locator {
    return this.#page.getByRole('region', { name: 'Findings' }).getByRole('listitem');
  }

  finding(subject: string): Locator {
    return this.findings.filter({ has: this.#page.getByText(subject, { exact: true }) });
  }

  get engines(): Locator {
    return this.#page.getByRole('region', { name: 'Engines' });
  }

  /** Why the last examination failed. */
  get problem(): Locator {
    return this.#page.locator('.doctor').getByRole('alert');
  }

  get again(): Locator {
    return this.#page.getByRole('button', { name: 'Examine again' });
  }

  /** Its button in the side bar, with the number of what is bad. */
  get entry(): Locator {
    return this.#page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Doctor/ });
  }
}
