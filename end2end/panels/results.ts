import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from '@playwright/test';
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
  advice: string[];
  tables: { title: string; columns: string[]; rows: string[][] }[];
  trials: Comparison[];
}

export type Axis = keyof Words['results']['tables'];
type Row = keyof Words['results']['rows'];
type Format = 'Markdown' | 'CSV' | 'JSON';

/** The room in which everything that was measured stands in tables. */
export class Results {
  readonly region: Locator;
  /** Behind a cell: every comparison, and what went over the wire for it. */
  readonly details: Locator;
  readonly #page: Page;
  readonly #words: Words['results'];

  constructor(page: Page, words: Words) {
    this.region = page.getByRole('region', { name: words.results.title, exact: true });
    this.details = page.getByRole('dialog');
    this.#page = page;
    this.#words = words.results;
  }

  /** Of the head of the page: goes in, and out again. */
  get door(): Locator {
    return this.#page.getByRole('banner').getByRole('button', { name: this.#words.title, exact: true });
  }

  async enter(): Promise<void> {
    if ((await this.door.getAttribute('aria-pressed')) !== 'true') await this.door.click();
  }

  async leave(): Promise<void> {
    if ((await this.door.getAttribute('aria-pressed')) === 'true') await this.door.click();
  }

  get runAll(): Locator {
    return this.region.getByRole('button', { name: this.#words.runAll, exact: true });
  }

  get advice(): Locator {
    return this.region.getByRole('listitem').filter({ hasText: this.#words.restsOn });
  }

  table(axis: Axis): Locator {
    return this.region.getByRole('table', { name: this.#words.tables[axis], exact: true });
  }

  row(row: Row): Locator {
    const head = this.#page.getByRole('rowheader', { name: this.#words.rows[row], exact: true, includeHidden: true });
    return this.region.getByRole('row', { includeHidden: true }).filter({ has: head });
  }

  /** The cells of a row; a press shows what stands behind one. */
  cells(row: Row): Locator {
    return this.row(row).getByRole('button');
  }

  /** Shows and hides the rows of a table in which its columns are the same. */
  fold(axis: Axis): Locator {
    return this.table(axis).getByRole('rowheader').getByRole('button');
  }

  async export(format: Format): Promise<{ name: string; text: string }> {
    const waiting = this.#page.waitForEvent('download');
    await this.region.getByRole('button', { name: format, exact: true }).click();
    const download: Download = await waiting;
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  }

  /** The tables, and every comparison behind them, as the page's JSON says them. */
  async report(): Promise<Report> {
    await this.enter();
    return JSON.parse((await this.export('JSON')).text) as Report;
  }

  /** What was measured so far. */
  async measured(): Promise<Comparison[]> {
    return (await this.report()).trials.filter(({ measured }) => measured);
  }
}
