// A browser driven by WebDriver, https://www.w3.org/TR/webdriver2/: no more of it than the experiments need.

/** The key under which WebDriver names an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/**
 * @param {string} at @param {string} method @param {string} path @param {object} [body]
 * @returns {Promise<any>}
 */
async function command(at, method, path, body) {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(at + path, { method, ...(body ? { headers, body: JSON.stringify(body) } : {}) });
  const { value } = /** @type {{ value: any }} */ (await response.json());
  if (!response.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message?.split('\n')[0]}`);
  return value;
}

/** One window of a browser. */
export class Session {
  /** @param {string} at @param {any} capabilities */
  constructor(at, { browserVersion }) {
    this.at = at;
    this.version = String(browserVersion);
  }

  /** Starts a browser. @param {string} driver the origin of the driver @param {object} wanted */
  static async start(driver, wanted) {
    const body = { capabilities: { alwaysMatch: wanted } };
    const { sessionId, capabilities } = await command(driver, 'POST', '/session', body);
    const session = new Session(`${driver}/session/${sessionId}`, capabilities);
    // As wide as a desk: in a narrow window settings are sheets that have to be opened first.
    await command(session.at, 'POST', '/window/rect', { x: 0, y: 0, width: 1280, height: 1000 });
    return session;
  }

  /** @param {string} url */
  async goto(url) {
    await command(this.at, 'POST', '/url', { url });
  }

  /** A click as a visitor makes it: a window may be opened for it. @param {string} selector */
  async click(selector) {
    // The page scrolls smoothly, and WebKitGTK's driver does not wait until it has.
    await this.evaluate((of) => document.querySelector(of)?.scrollIntoView({ block: 'center', behavior: 'instant' }), selector);
    const found = await command(this.at, 'POST', '/element', { using: 'css selector', value: selector });
    await command(this.at, 'POST', `/element/${found[ELEMENT]}/click`, {});
  }

  /**
   * Calls a function in the page.
   * @template {unknown[]} Args @template Result
   * @param {(...args: Args) => Result} script @param {Args} args @returns {Promise<Result>}
   */
  async evaluate(script, ...args) {
    return command(this.at, 'POST', '/execute/sync', { script: `return (${script})(...arguments)`, args });
  }

  /** Closes the browser with all of its windows. */
  async close() {
    await command(this.at, 'DELETE', '');
  }
}
