// The three engines, each started for the tests with a profile of its own that goes with it.
//
// Chromium runs under Playwright, as in the end-to-end tests; Firefox under geckodriver; WebKitGTK as its MiniBrowser
// under WebKitWebDriver, on a display that nobody sees. scripts/engines.sh installs what the last two need.

import { chromium } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isExecutable, launchOptions, onPath } from '../browser.mjs';
import { listening } from '../serve.mjs';
import { startDisplay } from './display.mjs';
import { Session } from './webdriver.mjs';

/**
 * A browser with one window to drive.
 * @typedef {Pick<Session, 'version' | 'goto' | 'click' | 'evaluate' | 'close'>} Browser
 */

const INSTALL = 'scripts/engines.sh installs it';

/** @returns {Promise<Browser>} */
async function startChromium() {
  const browser = await chromium.launch(launchOptions());
  const page = await browser.newPage({ locale: 'en-US' });
  return {
    version: browser.version(),
    goto: async (url) => void (await page.goto(url)),
    click: (selector) => page.click(selector),
    // As WebDriver does it: the function goes over as text, its arguments as JSON.
    evaluate: (script, ...args) => page.evaluate(`(${script})(...${JSON.stringify(args)})`),
    close: () => browser.close(),
  };
}

/** A browser that closes what was started for it. @param {Session} session @param {{ stop(): Promise<void> }[]} programs */
function closing(session, programs) {
  const close = session.close.bind(session);
  session.close = async () => {
    // A browser that is gone already is closed.
    await close().catch(() => {});
    for (const program of programs) await program.stop();
  };
  return session;
}

/** @returns {Promise<Browser>} */
async function startFirefox() {
  const binary = process.env.LOGIN_LAB_FIREFOX || ['firefox-esr', 'firefox'].map(onPath).find(Boolean);
  if (!binary) throw new Error(`there is no Firefox: ${INSTALL}, or name one in LOGIN_LAB_FIREFOX`);
  const driver = await listening('geckodriver', (port) => ['--port', `${port}`], { hint: INSTALL });
  const prefs = {
    'intl.accept_languages': 'en-US',
    // It asks its maker for settings unless told not to.
    'services.settings.server': 'data:,',
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  };
  const wanted = { browserName: 'firefox', 'moz:firefoxOptions': { binary, args: ['-headless'], prefs } };
  return start(driver.port, wanted, [driver]);
}

/** WebKitGTK's own small browser, which no distribution puts on PATH. */
function miniBrowser() {
  /** @param {string} folder */
  const within = (folder) => {
    try {
      return readdirSync(folder).map((name) => join(folder, name));
    } catch {
      return [];
    }
  };
  const folders = ['/usr/lib', '/usr/lib64', '/usr/libexec', ...within('/usr/lib')].flatMap(within);
  const ours = folders.filter((folder) => /\/webkit2?gtk-[\d.]+$/.test(folder));
  return ours.map((folder) => join(folder, 'MiniBrowser')).filter(isExecutable).sort().at(-1);
}

/** @returns {Promise<Browser>} */
async function startWebKit() {
  const binary = process.env.LOGIN_LAB_MINIBROWSER || miniBrowser();
  if (!binary) throw new Error(`there is no MiniBrowser of WebKitGTK: ${INSTALL}`);
  const display = await startDisplay(INSTALL);
  const env = { ...process.env, DISPLAY: display.name, LANGUAGE: 'en' };
  const driver = await listening('WebKitWebDriver', (port) => [`--port=${port}`], { hint: INSTALL, env });
  const wanted = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
  return start(driver.port, wanted, [driver, display]);
}

/** @param {number} port @param {object} wanted @param {{ stop(): Promise<void> }[]} programs */
async function start(port, wanted, programs) {
  try {
    return closing(await Session.start(`http://127.0.0.1:${port}`, wanted), programs);
  } catch (error) {
    for (const program of programs) await program.stop();
    throw error;
  }
}

/** How each engine is started. @type {Record<string, () => Promise<Browser>>} */
export const engines = { Chromium: startChromium, Firefox: startFirefox, WebKitGTK: startWebKit };
