import { expect, type Locator, type Page } from '@playwright/test';
import type { Words } from '../words.ts';

/** The common questions, each with its answer and the comparisons that show it. */
export class Questions {
  readonly region: Locator;
  readonly #page: Page;
  readonly #words: Words;

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.questions.title, exact: true });
    this.#page = page;
    this.#words = words;
  }

  /** Opens the question of this place, from 0. */
  async open(at: number): Promise<Question> {
    const group = this.region.getByRole('group').filter({ has: this.#page.locator('summary') }).nth(at);
    const question = new Question(group, this.#page, this.#words);
    await question.summary.click();
    await expect(group.getByRole('table').first()).toBeVisible();
    return question;
  }
}

export class Question {
  readonly group: Locator;
  readonly #page: Page;
  readonly #words: Words;

  constructor(group: Locator, page: Page, words: Words) {
    this.group = group;
    this.#page = page;
    this.#words = words;
  }

  /** What is asked; a click opens and closes it. */
  get summary(): Locator {
    return this.group.locator('summary').first();
  }

  /** The comparisons: those rows that have a prediction. */
  get comparisons(): Locator {
    return this.group.getByRole('row').filter({ has: this.#page.locator('td') });
  }

  /** Those of them that are as predicted: "not as predicted" has the same words in it. */
  get asPredicted(): Locator {
    return this.comparisons.filter({ has: this.#page.getByText(this.#words.experiments.asPredicted, { exact: true }) });
  }

  /** The links to the experiments, one a part. */
  get experiments(): Locator {
    return this.group.getByRole('link', { name: new RegExp(`^${this.#words.questions.whole}: `) });
  }

  /** The buttons that show what went over the wire, one a part that was run. */
  get wires(): Locator {
    return this.group.getByRole('button', { name: new RegExp(`^${this.#words.questions.wire}: `) });
  }

  async run(): Promise<void> {
    const { run } = this.#words.questions;
    await this.group.getByRole('button', { name: new RegExp(`^(${run}|${this.#words.experiments.runAgain}): `) }).click();
    const strip = this.#page.getByRole('complementary', { name: this.#words.experiments.running, exact: true });
    await expect(strip).toBeVisible();
    await expect(strip).toBeHidden({ timeout: 90_000 });
  }
}
