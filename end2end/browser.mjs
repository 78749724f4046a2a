// Which Chromium the tests run in, and, run as a script, making sure that there is one, and Korean glyphs.
//
// In this order: LOGIN_LAB_CHROMIUM, one on PATH, Playwright's own, the one of the system's packages.

import { chromium } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('@playwright/test').Browser} Browser */

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} program */
export function onPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** How Playwright has to launch Chromium here. */
export function launchOptions() {
  const executablePath =
    process.env.LOGIN_LAB_CHROMIUM ||
    ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'].map(onPath).find(Boolean);
  return {
    ...(executablePath ? { executablePath } : {}),
    // Distributions' builds phone home unless told not to.
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
      // Good for this one certificate; where all errors are overlooked, HSTS is, too.
      ...(process.env.LAB_KEY_HASH ? [`--ignore-certificate-errors-spki-list=${process.env.LAB_KEY_HASH}`] : []),
    ],
  };
}

/** Starts it. @param {string[]} [args] what it is told beside that */
export function launch(args = []) {
  const options = launchOptions();
  return chromium.launch({ ...options, args: [...options.args, ...args] });
}

/** Where its program is. */
export const program = () => launchOptions().executablePath ?? chromium.executablePath();

/** Undefined when a browser starts, else why it does not, in a line. */
async function whyNot() {
  try {
    const browser = await launch();
    await browser.close();
    return undefined;
  } catch (error) {
    return String(error).split('\n')[0];
  }
}

/** @param {string[]} args */
function playwright(...args) {
  return spawnSync('npx', ['playwright', ...args], { stdio: ['inherit', 'inherit', 'ignore'] }).status === 0;
}

/** @param {string[]} packages */
function aptInstall(...packages) {
  if (!onPath('apt-get')) return false;
  const apt = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', 'apt-get'];
  console.log(`Installing ${packages.join(', ')} with ${apt.join(' ')} ...`);
  const [program = '', ...args] = apt;
  return [['update'], ['-y', 'install', ...packages]].every(
    (command) => spawnSync(program, [...args, '-qq', ...command], { stdio: 'inherit' }).status === 0,
  );
}

/** @param {string} line @returns {never} */
function die(line) {
  console.error(`error: ${line}`);
  process.exit(1);
}

async function ensureBrowser() {
  const why = await whyNot();
  if (!why) return;
  if (process.env.LOGIN_LAB_CHROMIUM) die(`LOGIN_LAB_CHROMIUM does not start: ${why}`);
  console.log("No Chromium starts here. Trying to install Playwright's own, about 200 MB ...");
  if (playwright('install', 'chromium')) {
    if (!(await whyNot())) return;
    // It is there, but lacks libraries of the system.
    if (onPath('apt-get') && playwright('install-deps', 'chromium') && !(await whyNot())) return;
  }
  if (aptInstall('chromium') && !(await whyNot())) return;
  die('there is no Chromium to test in: install one, or name it in LOGIN_LAB_CHROMIUM');
}

function ensureKoreanGlyphs() {
  const list = spawnSync('fc-list', [':lang=ko', 'family'], { encoding: 'utf8' });
  if (process.platform !== 'linux' || list.stdout?.trim()) return;
  if (!aptInstall('fontconfig', 'fonts-noto-cjk')) console.log('note: no font with Korean glyphs was found');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureBrowser();
  ensureKoreanGlyphs();
}
