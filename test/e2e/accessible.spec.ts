import { AnnotatePage, type StepName } from './pages/annotate-page.ts';
import { HomePage } from './pages/home-page.ts';
import { ResultsPage } from './pages/results-page.ts';
import { RunPage } from './pages/run-page.ts';
import { runSample } from './steps/run-sample.ts';
import { expectAccessible } from './support/accessible.ts';
import { expect, story } from './support/story.ts';

const steps: readonly StepName[] = ['Scenario', 'Reference', 'Query', 'Match', 'Method', 'Review and run'];
const tabs = ['Map', 'Markers', 'Heatmap', 'Cells', 'Figures', 'How it was made'] as const;

story('axe finds nothing serious on the start page and on any step of an annotation', async ({ page }) => {
  story.setTimeout(420_000);
  const annotate = new AnnotatePage(page);
  await expect(page.getByRole('button', { name: /^Engine: (?!Testing)/ })).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page, 'Home');

  await new HomePage(page).newAnnotation.click();
  await expectAccessible(page, 'Scenario, before a file is chosen');
  await annotate.forward.click();
  await expectAccessible(page, 'Reference, before a file is chosen');
  await page.getByRole('button', { name: 'Choose file: Reference file' }).click();
  await expect(page.getByRole('dialog', { name: /Choose file/ })).toBeVisible();
  await expectAccessible(page, 'Choosing a file');
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'CellPredX Studio, home' }).click();
  await new HomePage(page).openSample.click();
  await expect(annotate.start).toBeEnabled({ timeout: 60_000 });
  for (const step of steps) {
    await annotate.goTo(step);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page, step);
  }
});

story('axe finds nothing serious on a run and on any view of its result', async ({ page }) => {
  story.setTimeout(600_000);
  await runSample(page, { steps: 120 });
  await expect.poll(() => new RunPage(page).lastStep(), { timeout: 60_000 }).toBeGreaterThan(5);
  await expectAccessible(page, 'A run on its way');

  const results = new ResultsPage(page);
  await expect(results.composition).toBeVisible({ timeout: 120_000 });
  await results.threshold.fill('0.4');
  await expectAccessible(page, 'Overview');
  for (const tab of tabs) {
    await results.open(tab);
    if (tab === 'Map') {
      const legend = results.map.getByRole('list', { name: 'Legend: Label' });
      await legend
        .getByRole('button', { name: /^Select the/ })
        .first()
        .click();
      await expect(page.getByRole('region', { name: 'Nearest reference cells' })).toBeVisible({ timeout: 60_000 });
    }
    if (tab === 'Markers') {
      const table = page.getByRole('table', { name: 'Determinant features' });
      await table.getByRole('cell').getByRole('button').first().click();
      await expect(page.getByRole('img', { name: / by label$/ })).toBeVisible();
    }
    await expectAccessible(page, tab);
  }
  await results.export.click();
  await expect(results.exportDialog).toBeVisible();
  await expectAccessible(page, 'Export');
});

story('axe finds nothing serious in the guide and in any part of the settings', async ({ page }) => {
  story.setTimeout(300_000);
  await page.getByRole('button', { name: 'Help: user guide' }).click();
  await expect(page.getByRole('heading', { name: 'First labels in five minutes', level: 1 })).toBeVisible();
  await expectAccessible(page, 'Guide');
  await page.keyboard.press('Alt+e');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  const parts = page.getByRole('tab');
  for (const part of await parts.all()) {
    await part.click();
    await expectAccessible(page, `Settings: ${(await part.textContent())!.trim()}`);
  }
});
