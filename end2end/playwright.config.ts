import { defineConfig, devices } from '@playwright/test';
import { launchOptions } from './browser.mjs';

const desktop = { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } };
// What comes of a press or a measurement does not depend on the page's language.
const measured = ['run-all.spec.ts', 'third-party.spec.ts', 'claims.spec.ts'];
const tls = !!process.env.LOGIN_LAB_TLS;
const everyLanguage = { testIgnore: ['no-script.spec.ts', 'phone.spec.ts', ...measured, ...(tls ? [] : ['tls.spec.ts'])] };
const results = tls ? 'test-results/tls' : 'test-results';

// With LOGIN_LAB_TLS=1 the server stands behind HAProxy that ends TLS. Its certificate is made at the start: Chromium is
// told of its key, and Node.js, with which the tests ask the API, of itself.
const server = tls
  ? { command: 'node ../deploy/tls.mjs', says: /Login Lab: (?<lab_origin>\S+) with (?<node_extra_ca_certs>\S+) (?<lab_key_hash>\S+)/ }
  : { command: 'node serve.mjs', says: /Login Lab: (?<lab_origin>\S+)/ };

export default defineConfig({
  testDir: 'specs',
  outputDir: results,
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 2,
  retries: 0,
  // Bounds for what never comes; what comes is seen at once. Two browsers and the server share what cores there are.
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: `${results}/report.json` }]],
  use: {
    // The server takes any free port and says which; Playwright hands on to its workers what the groups name.
    baseURL: process.env.LAB_ORIGIN,
    // What was done and said. Pictures of the page at each step (`--trace on`) take a quarter of the time.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    launchOptions: launchOptions(),
  },
  webServer: {
    command: server.command,
    wait: { stdout: server.says },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
  },
  projects: [
    // First, for Run all waits for minutes, and the others run meanwhile.
    { name: 'measured', testMatch: measured, use: { ...desktop, locale: 'en-US' } },
    { name: 'chromium-en', ...everyLanguage, use: { ...desktop, locale: 'en-US' } },
    // What does not depend on the language is tested once.
    {
      name: 'chromium-ko',
      testIgnore: [...everyLanguage.testIgnore, /\/(later|measuring|reload|stream|tabs|state|tls)\.spec/],
      grepInvert: /try it: |measure, /,
      use: { ...desktop, locale: 'ko-KR' },
    },
    { name: 'no-script', testMatch: 'no-script.spec.ts', use: { ...desktop, javaScriptEnabled: false } },
    { name: 'phone', testMatch: 'phone.spec.ts', use: { ...desktop, viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
});
