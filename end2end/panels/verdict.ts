import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import type { Scheme } from '../api.ts';
import type { Words } from '../words.ts';

/** A comparison, as the page's JSON says it. */
export interface Comparison {
  experiment: string;
  scheme: Scheme;
  question: string;
  words: string;
  setting: string;
  predicted: string;
  measured: string;
  verdict: string;
  as_predicted: boolean | null;
  measured_with: Scheme | '';
  figures: string;
}

export interface Report {
  verdict: { experiment: string; words: string; cells: Record<Scheme, string> }[];
  trials: Comparison[];
}

/** Every experiment with every scheme. */
export class Verdict {
  readonly region: Locator;
  readonly table: Locator;
  readonly #page: Page;
  readonly #words: Words['verdict'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.verdict.title, exact: true });
    this.table = this.region.getByRole('table', { name: words.verdict.title, exact: true });
    this.#page = page;
    this.#words = words.verdict;
  }

  get runAll(): Locator {
    return this.region.getByRole('button', { name: this.#words.runAll, exact: true });
  }

  /** What an export button hands out. */
  async exported(format: 'Markdown' | 'CSV' | 'JSON'): Promise<string> {
    const download = this.#page.waitForEvent('download');
    await this.region.getByRole('button', { name: format, exact: true }).click();
    return readFile(await (await download).path(), 'utf8');
  }

  /** The table, and every comparison behind it, as the page's JSON says them. */
  async report(): Promise<Report> {
    return JSON.parse(await this.exported('JSON')) as Report;
  }

  /** What was measured so far. */
  async measured(): Promise<Comparison[]> {
    return (await this.report()).trials.filter(({ measured }) => measured);
  }
}
