// When the server's news are cut off the page says so, and catches up by itself.

import type { Page } from '@playwright/test';
import { cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../fixtures.ts';
import { Lab } from '../lab.ts';
import { Line } from '../line.ts';
import { startLab } from '../serve.mjs';

/** The same page as a later build has it: the code under another name. */
async function newerSite(): Promise<string> {
  const site = await mkdtemp(join(tmpdir(), 'login-lab-'));
  await cp(join(import.meta.dirname, '../../target/site'), site, { recursive: true });
  const pkg = join(site, 'pkg');
  for (const name of await readdir(pkg)) {
    const renamed = name.replace(/^(login-lab\.)[\w-]{22}(\.wasm)/, '$1AAAAAAAAAAAAAAAAAAAAAA$2');
    await rename(join(pkg, name), join(pkg, renamed));
  }
  return site;
}

test('a cut event stream is announced, reconnects and catches up', async ({ browser, request, words, complaints, baseURL }) => {
  const line = await Line.to(baseURL ?? '');
  const context = await browser.newContext({ proxy: { server: line.proxy } });
  await complaints.watch(context, true);
  const lab = new Lab(await context.newPage(), words, request);
  // What the page asks for by itself once it is open must have come before the line is cut.
  const pending = new Set<string>();
  lab.page.on('request', (request) => request.url().endsWith('/control/cookies') && pending.add(request.url()));
  lab.page.on('requestfinished', (request) => pending.delete(request.url()));
  await lab.open();
  await expect(lab.wire.all).toHaveCount(1);
  await expect.poll(() => pending.size).toBe(0);
  await expect(lab.page.getByRole('alert')).toBeEmpty();

  complaints.foreseeCut('control/events');
  await line.cut();
  await expect(lab.page.getByRole('alert')).toContainText(words.cut);
  await lab.truth.logIn('bob');
  await lab.truth.control('POST', 'clock', { advance: 600 });

  await line.mend();
  await expect(lab.page.getByRole('alert')).toBeEmpty();
  await expect(lab.wire.of('api/login')).toBeVisible();
  await expect(lab.server.rows).toContainText('bob');
  await context.close();
  await line.close();
});

interface Replaced {
  line: Line;
  /** Where the second server is. */
  origin: string;
  stopFirst: () => Promise<unknown>;
}

/** Runs a test with a server, another one that takes its place, and a line that leads to the first. */
async function replaced(page: Page, site: string[], run: (servers: Replaced) => Promise<void>): Promise<void> {
  const before = await startLab();
  const line = await Line.to(`http://localhost:${before.port}`);
  const after = await startLab(...site);
  const origin = `http://localhost:${after.port}`;
  try {
    await run({ line, origin, stopFirst: () => before.stop() });
  } finally {
    await page.close();
    await line.close();
    await Promise.all([before.stop(), after.stop()]);
  }
}

test('a lab that is gone with its server begins anew by itself, and the page says so', async ({ lab, words, complaints, page }) => {
  complaints.tolerate(/net::ERR_/);
  await replaced(page, [], async ({ line, origin, stopFirst }) => {
    await lab.open(line.origin);
    await lab.logIn('session-cookie');
    complaints.foreseeRefusal(404, 'control/events');
    complaints.foreseeRefusal(404, 'control/exchanges');
    await line.cut();
    await stopFirst();
    const opened = page.waitForEvent('load');
    await line.mend(origin);
    await opened;
    await lab.hydrated();
    await expect(lab.status).toHaveText(words.said.anew);
    await expect(lab.server.rows).toHaveCount(0);
    // It is said of this visit, not of the next.
    await page.reload();
    await lab.hydrated();
    await expect(lab.status).not.toHaveText(words.said.anew);
  });
});

test('a page from before a deploy says that a newer one is here, and loads it', async ({ lab, words, complaints, page }) => {
  complaints.tolerate(/net::ERR_/);
  const site = await newerSite();
  const load = page.getByRole('button', { name: words.load, exact: true });
  await replaced(page, ['--site', site], async ({ line, origin, stopFirst }) => {
    await lab.open(line.origin);
    const { id } = lab;
    await expect(load).toBeHidden();
    await line.cut();
    await stopFirst();
    // Somebody has opened the lab anew, so the page does not open itself again.
    expect((await fetch(`${origin}/lab/${id}/control/view`)).status).toBe(200);
    await line.mend(origin);
    await expect(page.getByRole('alert')).toHaveText(words.newer);
    const fetched = page.waitForResponse(/login-lab\.A{22}\.wasm$/);
    await load.click();
    expect((await fetched).status()).toBe(200);
    await lab.hydrated();
    await expect(page.getByRole('alert')).toBeEmpty();
    await expect(load).toBeHidden();
  }).finally(() => rm(site, { recursive: true }));
});
