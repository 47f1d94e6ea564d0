import { join } from 'node:path';
import { AnnotatePage, type StepName } from './pages/annotate-page.ts';
import { HomePage } from './pages/home-page.ts';
import { ResultsPage } from './pages/results-page.ts';
import { RunPage } from './pages/run-page.ts';
import { runSample } from './steps/run-sample.ts';
import { root } from './support/root.ts';
import { expect, story } from './support/story.ts';

/** Ending of the file's name → size of the window. */
const sizes = { '': { width: 1280, height: 800 }, '-large': { width: 2560, height: 1440 } } as const;
const steps: readonly StepName[] = ['Scenario', 'Reference', 'Query', 'Match', 'Method', 'Review and run'];

/** Pictures of every screen, light and dark, small and large, into `docs/pictures`: `PICTURES=1 npx playwright test`. */
story('pictures of every screen @pictures', async ({ page }) => {
  story.setTimeout(900_000);
  const results = new ResultsPage(page);

  /** One picture per theme and size of what is shown now. */
  async function take(name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [ending, viewport] of Object.entries(sizes)) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize(viewport);
        await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
        const path = join(root, 'docs/pictures', `${name}-${colorScheme}${ending}.png`);
        await page.screenshot({ path, animations: 'disabled' });
      }
    }
  }

  await expect(page.getByRole('button', { name: /^Engine: (?!Testing)/ })).toBeVisible({ timeout: 60_000 });
  await take('home');
  for (const part of ['engines', 'appearance', 'keyboard'] as const) {
    await page.evaluate(`location.hash = '#/settings/${part}'`);
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
    await take(part);
  }
  await page.getByRole('button', { name: 'Help: user guide' }).click();
  await expect(page.getByRole('navigation', { name: 'Pages of the guide' })).toBeVisible();
  await take('guide');
  await page.getByRole('link', { name: 'CellPredX Studio, home' }).click();
  await runSample(page, { steps: 600 });
  const run = new RunPage(page);
  await expect.poll(() => run.lastStep(), { timeout: 120_000 }).toBeGreaterThan(150);
  await expect(page.getByRole('img', { name: /^Forming embedding/ })).toBeVisible({ timeout: 60_000 });
  await take('run');

  await expect(results.composition).toBeVisible({ timeout: 600_000 });
  await results.threshold.fill('0.6');
  await take('results');
  const tabs = ['Map', 'Markers', 'Heatmap', 'Confusion and flows', 'Cells', 'Figures', 'How it was made'] as const;
  for (const tab of tabs) {
    await results.open(tab);
    await take(tab.split(' ')[0]!.toLowerCase());
  }
  await results.export.click();
  await results.exportDialog.getByRole('textbox', { name: 'Folder to write into' }).fill('/data/sample-results');
  await take('export');
  await page.keyboard.press('Escape');
  await page.evaluate("location.hash = '#/settings/storage'");
  await expect(page.getByRole('region', { name: /^Storage of/ })).toBeVisible({ timeout: 60_000 });
  await take('storage');

  await page.getByRole('link', { name: 'CellPredX Studio, home' }).click();
  await new HomePage(page).openSample.click();
  const annotate = new AnnotatePage(page);
  await expect(annotate.start).toBeEnabled({ timeout: 60_000 });
  for (const step of steps) {
    await annotate.goTo(step);
    await take(step.split(' ')[0]!.toLowerCase());
  }
});
