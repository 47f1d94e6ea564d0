import { HomePage } from './pages/home-page.ts';
import { RunPage } from './pages/run-page.ts';
import { runSample } from './steps/run-sample.ts';
import { expect, story } from './support/story.ts';

story(
  'a run shows the embedding as it forms, pauses with its place kept, and lets the next one go first',
  async ({ page }) => {
    story.setTimeout(360_000); // two runs, one after the other
    await runSample(page, { steps: 20_000 });
    const run = new RunPage(page);
    const first = page.url();
    await expect.poll(() => run.lastStep(), { timeout: 120_000 }).toBeGreaterThan(5);

    await story.step('a sample of the query is drawn while the method learns', async () => {
      await expect(page.getByRole('img', { name: /^Forming embedding after step/ })).toBeVisible({ timeout: 60_000 });
      await expect(page.getByRole('img', { name: /^Histogram of confidence so far/ })).toBeVisible();
    });

    await story.step('a second run waits behind it', async () => {
      await page.getByRole('link', { name: 'CellPredX Studio, home' }).click();
      await new HomePage(page).openSample.waitFor();
      await runSample(page, { steps: 19_000 });
      await expect(run.state).toHaveText('Waiting');
      const queue = page.getByRole('region', { name: 'Queue' });
      await expect(queue.getByRole('listitem')).toHaveCount(2);
      await expect(queue.getByRole('listitem').nth(1)).toContainText('(this run)');
    });
    const second = page.url();

    await story.step('pausing the first keeps its step and starts the second', async () => {
      await page.goto(first);
      await expect(run.state).toHaveText('Running');
      await run.pause.click();
      await expect(run.state).toHaveText('Paused', { timeout: 60_000 });
      await expect(page.getByText(/This run is paused after step [\d,]+/)).toBeVisible();
      await page.goto(second);
      await expect(run.state).toHaveText('Running', { timeout: 60_000 });
    });

    await story.step('resumed, it goes on from just that step once the second has gone', async () => {
      await page.goto(first);
      await expect(run.state).toHaveText('Paused');
      const kept = await run.lastStep();
      await run.resume.click();
      await expect(run.state).toHaveText('Waiting');
      await page.goto(second);
      await run.cancel.click();
      await expect(run.state).toHaveText('Cancelled');
      await page.goto(first);
      await expect(run.state).toHaveText('Running', { timeout: 60_000 });
      await expect.poll(() => run.lastStep(), { timeout: 60_000 }).toBeGreaterThan(kept);
    });
  },
);
