/** The view that publishes. */
import type { Locator, Page } from 'playwright';

export class PublishPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get form(): Locator {
    return this.#page.getByRole('form', { name: 'Message to publish' });
  }

  get contentTopic(): Locator {
    return this.form.getByLabel('Content topic');
  }

  get payload(): Locator {
    return this.form.getByLabel('Payload', { exact: true });
  }

  get button(): Locator {
    return this.form.getByRole('button', { name: /^Publish/ });
  }

  /** What was sent from here, newest first. */
  get sends(): Locator {
    return this.#page.getByRole('region', { name: 'Sends' }).getByRole('article');
  }

  field(label: string): Locator {
    return this.form.getByLabel(label, { exact: true });
  }

  choose(group: string, option: string): Promise<void> {
    return this.form
      .getByRole('group', { name: group })
      .getByRole('radio', { name: option, exact: true })
      .check();
  }

  async send(payload: string, contentTopic?: string): Promise<void> {
    if (contentTopic !== undefined) await this.contentTopic.fill(contentTopic);
    await this.payload.fill(payload);
    await this.button.click();
  }
}
