import { type Page, test } from '@playwright/test';
import { AnnotatePage } from '../pages/annotate-page.ts';
import { HomePage } from '../pages/home-page.ts';

/** Opens the sample study, sets the number of training steps and starts the run. */
export async function runSample(page: Page, { steps }: { steps: number }): Promise<void> {
  await test.step(`start the sample study with ${steps} steps`, async () => {
    await new HomePage(page).openSample.click();
    const annotate = new AnnotatePage(page);
    await annotate.goTo('Method');
    await annotate.setting('Steps').fill(String(steps));
    await annotate.goTo('Review and run');
    await annotate.start.click();
    await page.getByRole('status', { name: 'State of the run' }).waitFor();
  });
}
