import { expect, type Locator, type Page } from '@playwright/test';
import type { Words } from '../words.ts';
import type { Strip } from './strip.ts';

export const CHAPTERS = ['cookie', 'session', 'token', 'stateless', 'servers', 'attacks', 'choice'] as const;
export type Chapter = (typeof CHAPTERS)[number];

/** The list of claims, each to be seen by one press. */
export class Guide {
  readonly region: Locator;
  readonly search: Locator;
  /** Those that are shown: of one chapter, or what was searched for. */
  readonly claims: Locator;
  readonly stop: Locator;
  readonly putBack: Locator;
  readonly #page: Page;
  readonly #words: Words;
  readonly #strip: Strip;

  constructor(page: Page, words: Words, strip: Strip) {
    this.region = page.getByRole('region', { name: words.guide.title, exact: true });
    this.search = this.region.getByRole('searchbox');
    this.claims = this.region.locator('details[name="claim"]').filter({ visible: true });
    this.stop = this.region.getByRole('button', { name: words.guide.stop, exact: true });
    this.putBack = this.region.getByRole('button', { name: words.guide.putBack, exact: true });
    this.#page = page;
    this.#words = words;
    this.#strip = strip;
  }

  tab(chapter: Chapter): Locator {
    return this.region.getByRole('tab', { name: this.#words.guide.chapters[chapter], exact: true });
  }

  /** By its name in addresses. */
  claim(id: string): Locator {
    return this.#page.locator(`#claim-${id}`);
  }

  /** What is told of a claim; it comes with the first move. */
  told(id: string): Locator {
    return this.claim(id).locator('.told');
  }

  /** Those of a chapter that can be tried. */
  async idsWithTry(chapter: Chapter): Promise<string[]> {
    await this.tab(chapter).click();
    await expect(this.claims.first().locator('.told')).toBeAttached();
    const button = this.#page.getByRole('button', { name: new RegExp(`^${this.#words.guide.tryIt}: `), includeHidden: true });
    const claims = this.claims.filter({ has: button });
    return claims.evaluateAll((all) => all.map(({ id }) => id.replace('claim-', '')));
  }

  tick(id: string): Locator {
    return this.claim(id).getByText('✓', { exact: true });
  }

  seen(claims: number): Locator {
    return this.region.getByText(this.#words.guide.seen(claims), { exact: true });
  }

  tryButton(id: string): Locator {
    return this.claim(id).getByRole('button', { name: new RegExp(`^${this.#words.guide.tryIt}: `) });
  }

  measureButton(id: string): Locator {
    return this.claim(id).getByRole('button', { name: new RegExp(`^${this.#words.guide.measure}: `) });
  }

  /** The comparisons behind a claim: what is compared, what was measured, what was predicted. */
  rows(id: string): Locator {
    return this.claim(id).getByRole('row').filter({ has: this.#page.getByRole('cell') });
  }

  /** Goes to its chapter and opens it. */
  async open(id: string): Promise<void> {
    const chapter = await this.claim(id).evaluate((claim) => claim.closest('[data-chapter]')?.getAttribute('data-chapter'));
    await this.tab(chapter as Chapter).click();
    if (!(await this.claim(id).evaluate((claim) => claim.hasAttribute('open')))) await this.claim(id).locator('summary').first().click();
    await expect(this.told(id)).toBeVisible();
  }

  /** Presses *Try it* and waits until the last button was pressed. */
  async tryIt(id: string, timeout = 60_000): Promise<void> {
    await this.open(id);
    // With the click it has begun.
    await this.tryButton(id).click();
    await expect(this.stop).toBeHidden({ timeout });
  }

  /** Opens a claim and measures what is behind it: by *Measure*, or by *Try it* where that is what it does. */
  async measure(id: string, timeout = 60_000): Promise<void> {
    await this.open(id);
    const button = (await this.measureButton(id).count()) ? this.measureButton(id) : this.tryButton(id);
    await this.#strip.run(button, timeout);
  }
}
