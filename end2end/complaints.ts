import { type BrowserContext, type ConsoleMessage, expect } from '@playwright/test';

/** What a test says beforehand that its pages will complain of. */
interface Foreseen {
  /** As Chromium puts it behind `Failed to load resource: `. */
  reason: RegExp;
  /** The request: its path below the lab. */
  route: string;
  came: boolean;
}

/** What Chromium says of requests that an experiment sends because they are refused, and of scripts that a policy stops. */
const PROVOKED = [
  /^Failed to load resource: the server responded with a status of (400|401|403|502) /,
  /^Failed to load resource: net::ERR_(CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_CLOSED)/,
  // Asked of the cache alone, which has nothing.
  /^Failed to load resource: net::ERR_CACHE_MISS/,
  /^Executing inline script violates the following Content Security Policy directive/,
  /^Content security policy: script-src-elem kept out inline/,
  // Another site may send a request, but not look at its answer, nor frame a page.
  /^Failed to load resource: net::ERR_BLOCKED_BY_RESPONSE\.NotSameOrigin/,
  /^Framing '[^']+' violates the following Content Security Policy directive: "frame-ancestors 'none'"/,
];

/**
 * Everything that the browser complains of on any page of a test: errors and warnings in the console,
 * uncaught errors, violations of the content security policy. A test that ends with one fails.
 */
export class Complaints {
  readonly #unforeseen: string[] = [];
  readonly #foreseen: Foreseen[] = [];
  readonly #tolerated: RegExp[] = [];

  async watch(context: BrowserContext, scripts: boolean): Promise<void> {
    context.on('console', (message) => {
      // Without scripts nothing takes what was loaded ahead for them.
      if (scripts || !/was preloaded using link preload/.test(message.text())) this.#hear(message);
    });
    context.on('weberror', (error) => {
      const text = String(error.error());
      if (!this.#tolerates(text)) this.#unforeseen.push(text);
    });
    await context.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`Content security policy: ${event.violatedDirective} kept out ${event.blockedURI}`),
      ),
    );
  }

  /**
   * The test is about to be refused: Chromium complains of each 4xx. Only that complaint about only that
   * request is let through, and it must come.
   */
  foreseeRefusal(status: number, route: string): void {
    this.#foresee(new RegExp(`^the server responded with a status of ${status} `), route);
  }

  /** The test is about to cut the network: what does not get through must be just this. */
  foreseeCut(route: string): void {
    this.#foresee(/^net::ERR_/, route);
  }

  /** An experiment is about to provoke this, as often as it has to: the whole text of the complaint says so. */
  tolerate(text: RegExp): void {
    this.#tolerated.push(text);
  }

  /** Whatever an experiment provokes. */
  tolerateExperiments(): void {
    this.#tolerated.push(...PROVOKED);
  }

  verify(): void {
    expect(this.#unforeseen, 'what the browser complained of').toEqual([]);
    const missing = this.#foreseen.filter(({ came }) => !came).map(({ reason, route }) => `${route}: ${reason}`);
    expect(missing, 'foreseen complaints that did not come').toEqual([]);
  }

  #foresee(reason: RegExp, route: string): void {
    this.#foreseen.push({ reason, route, came: false });
  }

  #tolerates(complaint: string): boolean {
    return this.#tolerated.some((text) => text.test(complaint));
  }

  #hear(message: ConsoleMessage): void {
    if (!['error', 'warning', 'assert'].includes(message.type())) return;
    if (this.#tolerates(message.text())) return;
    const { url } = message.location();
    const reason = message.text().replace(/^Failed to load resource: /, '');
    const route = /^https?:\/\/[^/]+\/lab\/[^/]+\/([^?]*)/.exec(url)?.[1];
    const known = this.#foreseen.find((it) => it.route === route && it.reason.test(reason));
    if (known && reason !== message.text()) known.came = true;
    else this.#unforeseen.push(`${message.type()}: ${message.text()} (${url})`);
  }
}
