// When the server's news are cut off the page says so, and catches up by itself.

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

test('a lab that is gone with its server begins anew by itself, and the page says so', async ({ lab, words, complaints, page }) => {
  complaints.tolerate(/net::ERR_/);
  const before = await startLab();
  const line = await Line.to(`http://localhost:${before.port}`);
  const after = await startLab();
  try {
    await lab.open(line.origin);
    await lab.logIn('session-cookie');
    complaints.tolerate(/status of 404/);
    await line.cut();
    await before.stop();
    const opened = page.waitForEvent('load');
    await line.mend(`http://localhost:${after.port}`);
    await opened;
    await lab.hydrated();
    await expect(lab.status).toHaveText(words.said.anew);
    await expect(lab.server.rows).toHaveCount(0);
    // It is said of this visit, not of the next.
    await page.reload();
    await lab.hydrated();
    await expect(lab.status).not.toHaveText(words.said.anew);
  } finally {
    await page.close();
    await line.close();
    await Promise.all([before.stop(), after.stop()]);
  }
});

test('a page from before a deploy says that a newer one is here, and loads it', async ({ lab, words, complaints, page }) => {
  complaints.tolerate(/net::ERR_/);
  const site = await newerSite();
  const before = await startLab();
  const line = await Line.to(`http://localhost:${before.port}`);
  const after = await startLab('--site', site);
  const load = page.getByRole('button', { name: words.load, exact: true });
  try {
    await lab.open(line.origin);
    const { id } = lab;
    await expect(load).toBeHidden();
    await line.cut();
    await before.stop();
    // Somebody has opened the lab anew, so the page does not open itself again.
    expect((await fetch(`http://localhost:${after.port}/lab/${id}/control/view`)).status).toBe(200);
    await line.mend(`http://localhost:${after.port}`);
    await expect(page.getByRole('alert')).toHaveText(words.newer);
    const fetched = page.waitForResponse(/login-lab\.A{22}\.wasm$/);
    await load.click();
    expect((await fetched).status()).toBe(200);
    await lab.hydrated();
    await expect(page.getByRole('alert')).toBeEmpty();
    await expect(load).toBeHidden();
  } finally {
    await page.close();
    await line.close();
    await Promise.all([before.stop(), after.stop(), rm(site, { recursive: true })]);
  }
});
