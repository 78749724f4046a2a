import type { Locator, Page } from '@playwright/test';

/** One of the places of the bench: a region with a name, in parts with headings. */
export class Place {
  readonly region: Locator;

  constructor(page: Page, name: string) {
    this.region = page.getByRole('region', { name, exact: true });
  }

  /** A credential where it is shown, shortened and coloured; the whole of it is its title. */
  chip(credential: string): Locator {
    return this.region.getByTitle(credential, { exact: true });
  }

  protected part(heading: string): Locator {
    const title = this.region.page().getByRole('heading', { name: heading });
    return this.region.locator('.part').filter({ has: title });
  }
}
