import { test as base, expect } from '@playwright/test';
import { type BrowserHost, startHost } from './browser-host.ts';

interface Fixtures {
  /** A host of this story's own. The page is opened through its link, so it has the session. */
  readonly host: BrowserHost;
}

/** Where WebGL is drawn by a program, Chromium itself remarks that reading the picture back takes time. */
const ofTheDriver = /GL Driver Message .*GPU stall due to ReadPixels/;

/** A story: every one has its own host and folders, and fails on anything the page writes into its console as an error. */
export const story = base.extend<Fixtures>({
  host: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type()) && !ofTheDriver.test(message.text()))
          complaints.push(`${message.type()}: ${message.text()}`);
      });
      const host = await startHost();
      try {
        await page.goto(host.link);
        await page.getByRole('link', { name: 'CellPredX Studio, home' }).waitFor();
        await use(host);
      } finally {
        await page.close();
        await host.close();
      }
      expect(complaints, 'what the page complained about in its console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
