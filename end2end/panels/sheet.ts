import type { Locator, Page } from '@playwright/test';

/** What a narrow window folds into a line and opens as a sheet. In a wide one it stands as it is. */
export class Sheet {
  readonly opener: Locator;
  readonly closer: Locator;

  constructor(page: Page, id: 'where' | 'how-many' | 'what-if') {
    this.opener = page.locator(`.opens[popovertarget="${id}"]`);
    this.closer = page.locator(`.close[popovertarget="${id}"]`);
  }

  async open(): Promise<void> {
    if ((await this.opener.isVisible()) && !(await this.closer.isVisible())) await this.opener.click();
  }

  /** What lies below can be clicked again. */
  async close(): Promise<void> {
    if (await this.closer.isVisible()) await this.closer.click();
  }
}
