import { defineConfig } from '@playwright/test';
import { findBrowser } from './test/e2e/support/find-browser.ts';

const browser = findBrowser();

/**
 * The stories of a user in a real browser, against the built page and the browser host. Two at a time would compete for
 * the cores that train. `@pictures` takes the pictures of the manual and runs only when asked for: `PICTURES=1`.
 */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  globalSetup: './test/e2e/support/build-page.ts',
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: 'list',
  ...(process.env['PICTURES'] ? { grep: /@pictures/ } : { grepInvert: /@pictures/ }),
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: browser === null ? {} : { executablePath: browser },
  },
});
