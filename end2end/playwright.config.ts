import { defineConfig, devices } from '@playwright/test';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { launchOptions } from './browser.mjs';

const root = join(import.meta.dirname, '..');

/** The server under test: LOGIN_LAB_BIN, else the newest of the builds. */
function builtServer(): string {
  if (process.env.LOGIN_LAB_BIN) return process.env.LOGIN_LAB_BIN;
  const builds = ['release', 'debug']
    .map((profile) => join(root, 'target', profile, 'login-lab'))
    .map((path) => ({ path, built: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.built - a.built);
  if (!builds[0]?.built) throw new Error('the server is not built yet: run `make build` first');
  return builds[0].path;
}

const desktop = { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } };
const everyLanguage = { testIgnore: ['no-script.spec.ts', 'phone.spec.ts'] };

export default defineConfig({
  testDir: 'specs',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 2,
  retries: 0,
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  use: {
    // The server takes any free port and says which; Playwright hands it on to its workers.
    baseURL: `http://localhost:${process.env.LAB_PORT}`,
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: launchOptions(),
  },
  webServer: {
    command: `"${builtServer()}" --addr 127.0.0.1:0`,
    cwd: root,
    wait: { stdout: /Login Lab: http:\/\/\S+:(?<lab_port>\d+)/ },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
  },
  projects: [
    { name: 'chromium-en', ...everyLanguage, use: { ...desktop, locale: 'en-US' } },
    { name: 'chromium-ko', ...everyLanguage, use: { ...desktop, locale: 'ko-KR' } },
    { name: 'no-script', testMatch: 'no-script.spec.ts', use: { ...desktop, javaScriptEnabled: false } },
    { name: 'phone', testMatch: 'phone.spec.ts', use: { ...desktop, viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
});
