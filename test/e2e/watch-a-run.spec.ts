import { HomePage } from './pages/home-page.ts';
import { RunPage } from './pages/run-page.ts';
import { runSample } from './steps/run-sample.ts';
import { openPicture, saveChart } from './support/saved-chart.ts';
import { expect, story } from './support/story.ts';

/** More steps than a story waits for. */
const long = 20_000;

story('a run is cancelled, and goes on from where it was when it is resumed', async ({ page }) => {
  await runSample(page, { steps: long });
  const run = new RunPage(page);
  await expect.poll(() => run.lastStep(), { timeout: 60_000 }).toBeGreaterThan(30);

  await run.cancel.click();
  await expect(run.state).toHaveText('Cancelled');
  const reached = await run.lastStep();

  await run.resume.click();
  await expect(run.state).toHaveText('Running');
  await expect.poll(() => run.lastStep(), { timeout: 60_000 }).toBeGreaterThan(reached);

  await run.cancel.click();
  await expect(run.state).toHaveText('Cancelled');
});

story('a reload during a run finds it again with its history', async ({ page }) => {
  await runSample(page, { steps: long });
  const run = new RunPage(page);
  await expect.poll(() => run.lastStep(), { timeout: 60_000 }).toBeGreaterThan(5);
  const before = await run.lastStep();

  await page.reload();
  await expect(run.state).toHaveText('Running');
  await expect.poll(() => run.lastStep()).toBeGreaterThan(before);
  await expect(run.losses.getByRole('img')).toHaveCount(7);

  await story.step('the loss terms so far are saved, a row per step', async () => {
    const button = page.getByRole('button', { name: 'Save the chart: Loss terms' });
    const lines = (await saveChart(page, button, /CSV/)).bytes.toString().trim().split('\n');
    expect(lines[0]).toContain('step,total,');
    expect(lines.length).toBeGreaterThan(before);
    const picture = await openPicture(page, await saveChart(page, button, /SVG/), 'image/svg+xml');
    expect(picture.texts).toContain('classification');
  });

  await story.step('it is also found from the start page', async () => {
    await page.getByRole('link', { name: 'CellPredX Studio, home' }).click();
    await new HomePage(page).projects.getByRole('button', { name: /^Sample study/ }).click();
    await page.getByRole('link', { name: 'reference.h5ad → query.h5ad' }).click();
    await expect(run.state).toHaveText('Running');
  });
  await run.cancel.click();
  await expect(run.state).toHaveText('Cancelled');
});

story(
  'a run whose host was killed is found interrupted, and goes on from its last checkpoint',
  async ({ page, host }) => {
    await runSample(page, { steps: long });
    const run = new RunPage(page);
    await expect.poll(() => run.lastStep(), { timeout: 120_000 }).toBeGreaterThan(60);
    const address = new URL(page.url()).hash;
    await page.goto('about:blank');

    const link = await host.killAndStartAgain();
    await page.goto(link);
    await expect(page.getByRole('button', { name: 'New annotation' })).toBeVisible();
    await page.goto(new URL(`/${address}`, link).href);
    await expect(run.state).toHaveText('Interrupted');

    await run.resume.click();
    await expect(run.state).toHaveText('Running');
    await expect.poll(() => run.lastStep(), { timeout: 120_000 }).toBeGreaterThan(20);
    await run.cancel.click();
    await expect(run.state).toHaveText('Cancelled');
  },
);
