// A built release runs where there is no Node.js: it is needed to build the page, and not to serve it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer } from '../reliability/programs.mjs';
import { openLab, withBrowser } from './visit.mjs';

process.env.LOGIN_LAB_BIN ??= join(import.meta.dirname, '../target/release/login-lab');

test('without Node.js on PATH, nor anything else, the page loads and answers', async () => {
  const nothing = mkdtempSync(join(tmpdir(), 'login-lab-nothing-'));
  // Where there is a `node` after all, it does not start.
  const server = await startServer([], `export PATH='${nothing}' && ! command -v node`);
  try {
    await withBrowser(async (browser) => {
      const { page, close } = await openLab(browser, server.port);
      await page.locator('#who-am-i').click();
      await page.locator('#wire .exchange .path', { hasText: '/api/me' }).waitFor();
      // Nobody is logged in: the browser complains of the 401, and of nothing else.
      await assert.rejects(close, /^Error: the page complained: Failed to load resource: the server responded with a status of 401 \(Unauthorized\)$/);
    });
    assert.deepEqual(server.wrongs, []);
  } finally {
    await server.stop();
    rmSync(nothing, { recursive: true });
  }
});
