// How long somebody waits who builds it: in a fresh clone of what is committed, with no tool of ours installed yet.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../end2end/serve.mjs';
import { atMost, notMeasured, UNITS } from './lines.mjs';
import { answers, newTab, withBrowser } from './visit.mjs';

const root = join(import.meta.dirname, '..');

/** What `make test` writes when it is through. */
const TOOK = join(root, 'target/test/took.json');

/** A word on the page, in a file of `app/src/ui/`, and what it becomes. */
const EDIT = { file: 'app/src/ui/controls/cookie_options.rs', from: '"SameSite"</label>', to: '"SameSite, edited"</label>' };

/** A clone, and how its commands are run. */
class Clone {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    this.path = join(folder, 'login-lab');
    // As from a shell: nothing of the `make` that runs this.
    const { MAKEFLAGS, MFLAGS, MAKEOVERRIDES, MAKELEVEL, LEPTOS_OUTPUT_NAME, LOGIN_LAB_BIN, CARGO_TARGET_DIR, ...env } = process.env;
    this.env = { ...env, XDG_CACHE_HOME: join(folder, 'cache') };
  }

  static async make() {
    const folder = await mkdtemp(join(tmpdir(), 'login-lab-build-'));
    const clone = new Clone(folder);
    execFileSync('git', ['clone', '--quiet', root, clone.path]);
    return clone;
  }

  remove() {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
  make(args, env = {}) {
    // A group of its own, so that all that it starts ends with it.
    const child = spawn('make', args, { cwd: this.path, env: { ...this.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (said = (said + part).slice(-4000)));
    const end = () => child.pid && child.exitCode === null && process.kill(-child.pid, 'SIGTERM');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    const ended = once(child, 'exit');
    return {
      /** Where the server says that it listens. */
      async listens() {
        for await (const line of createInterface({ input: child.stdout })) {
          const [, at] = /Login Lab: (http:\S+)/.exec(line) ?? [];
          if (at) return at;
        }
        throw new Error(`make ${args.join(' ')} ended before it listened:\n${said}`);
      },
      async whole() {
        const [code] = await ended;
        if (code !== 0) throw new Error(`make ${args.join(' ')} failed:\n${said}`);
      },
      async stop() {
        end();
        await ended;
      },
    };
  }
}

/** How many seconds it took. @param {() => Promise<unknown>} does */
async function took(does) {
  const from = performance.now();
  await does();
  return (performance.now() - from) / 1000;
}

/** From nothing to a server that listens. @param {Clone} clone */
async function firstRun(clone) {
  const run = clone.make(['run', 'ARGS=--addr 127.0.0.1:0']);
  try {
    return await took(() => run.listens());
  } finally {
    await run.stop();
  }
}

/** From an edit of a view to the page that shows it, in a browser that is open all the time. @param {Clone} clone */
async function edit(clone) {
  const [port, attacker, reload] = [await freePort(), await freePort(), await freePort()];
  const dev = clone.make(['dev'], {
    ...{ LOGIN_LAB_ADDR: `127.0.0.1:${port}`, LOGIN_LAB_ATTACKER_ADDR: `127.0.0.1:${attacker}` },
    ...{ LEPTOS_SITE_ADDR: `127.0.0.1:${port}`, LEPTOS_RELOAD_PORT: `${reload}` },
  });
  try {
    await dev.listens();
    return await withBrowser(async (browser) => {
      const { page } = await newTab(browser);
      await page.goto(`http://localhost:${port}/`);
      await answers(page);
      const file = join(clone.path, EDIT.file);
      const before = await readFile(file, 'utf8');
      if (!before.includes(EDIT.from)) throw new Error(`${EDIT.file} has no ${EDIT.from}`);
      return took(async () => {
        await writeFile(file, before.replace(EDIT.from, EDIT.to));
        await page.locator('label', { hasText: 'SameSite, edited' }).waitFor({ state: 'attached', timeout: 600_000 });
        await answers(page);
      });
    });
  } finally {
    await dev.stop();
  }
}

/** After all has been checked once. @param {Clone} clone */
async function check(clone) {
  await clone.make(['check']).whole();
  await appendFile(join(clone.path, 'server/src/http/lesson/me.rs'), '\n// A line more.\n');
  return took(() => clone.make(['check']).whole());
}

/** @returns {Promise<import('./lines.mjs').Line[]>} */
export async function build() {
  const clone = await Clone.make();
  try {
    const minutes = (/** @type {number} */ seconds) => seconds / 60;
    const lines = [
      atMost('The first `make run`, its tools included', 10, [minutes(await firstRun(clone))], UNITS.minutes),
      atMost('From an edit in `ui/` under `make dev` to the page that shows it', 10, [await edit(clone)], UNITS.seconds),
      atMost('`make check` after a small change', 30, [await check(clone)], UNITS.seconds),
    ];
    const test = 'The last `make test` in this clone';
    if (!existsSync(TOOK)) return [...lines, notMeasured(test, '≤ 30 min', 'it has not run here')];
    const { seconds } = JSON.parse(await readFile(TOOK, 'utf8'));
    return [...lines, atMost(test, 30, [minutes(seconds)], UNITS.minutes)];
  } finally {
    await clone.remove();
  }
}
