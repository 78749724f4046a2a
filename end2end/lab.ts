import { type APIRequestContext, expect, type Locator, type Page } from '@playwright/test';
import { isSession, type Scheme, ServerSide } from './api.ts';
import { Actions } from './panels/actions.ts';
import { BrowserPlace } from './panels/browser-place.ts';
import { CookieOptions } from './panels/cookie-options.ts';
import { Crowd } from './panels/crowd.ts';
import { Guide } from './panels/guide.ts';
import type { Menu } from './panels/menu.ts';
import { Results } from './panels/results.ts';
import { ServerPlace } from './panels/server-place.ts';
import { Servers } from './panels/servers.ts';
import { Slides } from './panels/slides.ts';
import { Strip } from './panels/strip.ts';
import { Switch } from './panels/switch.ts';
import { Tamper } from './panels/tamper.ts';
import { WirePlace } from './panels/wire-place.ts';
import type { Words } from './words.ts';

/** A tab with a lab in it: the page's panels, and the same lab as the server has it. */
export class Lab {
  readonly page: Page;
  readonly switch: Switch;
  readonly cookieOptions: CookieOptions;
  readonly actions: Actions;
  readonly servers: Servers;
  readonly browser: BrowserPlace;
  readonly wire: WirePlace;
  readonly server: ServerPlace;
  readonly tamper: Tamper;
  readonly crowd: Crowd;
  readonly guide: Guide;
  readonly results: Results;
  readonly slides: Slides;
  readonly strip: Strip;
  readonly #words: Words;
  readonly #request: APIRequestContext;

  constructor(page: Page, words: Words, request: APIRequestContext) {
    this.page = page;
    this.switch = new Switch(page, words);
    this.cookieOptions = new CookieOptions(page, words);
    this.actions = new Actions(page, words);
    this.servers = new Servers(page, words);
    this.browser = new BrowserPlace(page, words);
    this.wire = new WirePlace(page, words);
    this.server = new ServerPlace(page, words);
    this.tamper = new Tamper(page, words);
    this.crowd = new Crowd(page, words);
    this.strip = new Strip(page, words);
    this.guide = new Guide(page, words, this.strip);
    this.results = new Results(page, words);
    this.slides = new Slides(page, words);
    this.#words = words;
    this.#request = request;
  }

  /** What lies over the page when it is open. */
  get menus(): Record<'cookie' | 'servers' | 'defences' | 'otherSite' | 'script' | 'more', Menu> {
    const { defences, otherSite, script, more } = this.actions;
    return { cookie: this.cookieOptions, servers: this.servers.menu, defences, otherSite, script, more };
  }

  /** Where the result of an action is announced. */
  get status(): Locator {
    return this.page.getByRole('status');
  }

  /** What stands beside the result after a logout. */
  get sendCopy(): Locator {
    return this.page.getByRole('button', { name: this.#words.sendCopy, exact: true });
  }

  /** Who the visitor is at this moment, by what both sides hold. */
  get standing(): Locator {
    return this.page.getByRole('paragraph').filter({ hasText: this.#words.standing.label });
  }

  /** The step of the flow that happened last. */
  get step(): Locator {
    return this.page.locator('#flow').getByRole('listitem').and(this.page.locator('[aria-current="step"]'));
  }

  /** Opens a place where only one has room. */
  cell(place: 'browser' | 'wire' | 'server' | 'attacker'): Locator {
    return this.page.locator(`button[aria-controls="${place}"]`);
  }

  /** The lab's id, from the address. */
  get id(): string {
    const id = /^\/lab\/([\w-]{22})$/.exec(new URL(this.page.url()).pathname)?.[1];
    if (!id) throw new Error(`no lab at ${this.page.url()}`);
    return id;
  }

  /** What the cookie of a login is called where nothing else was chosen: over https the page proposes the prefix. */
  cookieName(scheme: Scheme): string {
    const isHttps = this.page.url().startsWith('https:');
    return `${isHttps ? '__Host-' : ''}${isSession(scheme) ? 'sid' : 'token'}`;
  }

  get truth(): ServerSide {
    return new ServerSide(this.#request, this.id);
  }

  /** Opens a page and waits until it answers to clicks. */
  async open(path = '/'): Promise<void> {
    await this.page.goto(path);
    await this.hydrated();
  }

  /** Logs in and waits until that is announced. */
  async logIn(scheme: Scheme = 'session-cookie', user = 'alice'): Promise<void> {
    await this.switch.choose(scheme);
    await this.actions.logIn(user);
    await expect(this.status).toHaveText(this.#words.said.loggedIn(user, scheme));
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.hydrated();
  }

  async hydrated(): Promise<void> {
    // A debug build of the page is large: on a busy machine it takes its time.
    await expect(this.page.locator('html[data-hydrated]')).toBeAttached({ timeout: 20_000 });
  }

  /** *Try it* waits between its presses, so that an eye can follow; from now on it does not. */
  async hurry(): Promise<void> {
    const withoutPauses = () => {
      const timeout = window.setTimeout.bind(window);
      const hurried = (f: TimerHandler, ms?: number, ...rest: unknown[]) => timeout(f, ms === 500 || ms === 700 ? 0 : ms, ...rest);
      window.setTimeout = hurried as typeof window.setTimeout;
    };
    await this.page.addInitScript(withoutPauses);
    await this.page.evaluate(withoutPauses);
  }

  /** What scripts on the page can read. */
  async script(): Promise<{ cookie: string; stored: string | null }> {
    const key = `login-lab:${this.id}:token`;
    return this.page.evaluate((key) => ({ cookie: document.cookie, stored: localStorage.getItem(key) }), key);
  }
}
