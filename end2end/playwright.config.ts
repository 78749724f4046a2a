import { defineConfig, devices } from '@playwright/test';
import { launchOptions } from './browser.mjs';

const desktop = { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } };
// What comes of a press or a measurement does not depend on the page's language.
const measured = ['run-all.spec.ts', 'third-party.spec.ts', 'claims.spec.ts'];
const everyLanguage = { testIgnore: ['no-script.spec.ts', 'phone.spec.ts', ...measured] };

export default defineConfig({
  testDir: 'specs',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 2,
  retries: 0,
  // Bounds for what never comes; what comes is seen at once. Two browsers and the server share what cores there are.
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  use: {
    // The server takes any free port and says which; Playwright hands it on to its workers.
    baseURL: `http://localhost:${process.env.LAB_PORT}`,
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: launchOptions(),
  },
  webServer: {
    command: 'node serve.mjs',
    wait: { stdout: /Login Lab: http:\/\/\S+:(?<lab_port>\d+)/ },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
  },
  projects: [
    // First, for Run all waits for minutes, and the others run meanwhile.
    { name: 'measured', testMatch: measured, use: { ...desktop, locale: 'en-US' } },
    { name: 'chromium-en', ...everyLanguage, use: { ...desktop, locale: 'en-US' } },
    // What does not depend on the language is tested once.
    {
      name: 'chromium-ko',
      testIgnore: [...everyLanguage.testIgnore, /\/(later|measuring|reload|stream|tabs|state)\.spec/],
      grepInvert: /try it: |measure, /,
      use: { ...desktop, locale: 'ko-KR' },
    },
    { name: 'no-script', testMatch: 'no-script.spec.ts', use: { ...desktop, javaScriptEnabled: false } },
    { name: 'phone', testMatch: 'phone.spec.ts', use: { ...desktop, viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
});
