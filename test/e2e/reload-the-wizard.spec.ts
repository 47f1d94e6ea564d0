import { join } from 'node:path';
import { AnnotatePage } from './pages/annotate-page.ts';
import { HomePage } from './pages/home-page.ts';
import { ResultsPage } from './pages/results-page.ts';
import { expect, story } from './support/story.ts';
import { writeCountTable } from './support/write-table.ts';

story('a reload in the middle of each step loses nothing', async ({ page, host }) => {
  story.setTimeout(300_000);
  const annotate = new AnnotatePage(page);
  const tables = { reference: join(host.files, 'labelled.csv'), query: join(host.files, 'asked.csv') };
  await writeCountTable(tables.reference, { cells: 60, seed: 3, nameOf: (cell) => `cell-${cell % 55}` });
  await writeCountTable(tables.query, { cells: 50, seed: 4, nameOf: (cell) => `other-${cell}` });

  await story.step('Reference: the files, a repair, and a path that was typed but not added', async () => {
    await new HomePage(page).beginAnnotation();
    await annotate.addFile('Reference file', tables.reference);
    const card = annotate.card('labelled.csv');
    await card.getByRole('button', { name: 'Make cell names unique', exact: true }).click();
    await expect(card.getByRole('status')).toHaveText('Ready');
    await page.getByRole('textbox', { name: 'Another reference file' }).fill('/half/a/path');
    await page.reload();
    await expect(card.getByRole('status')).toHaveText('Ready');
    await expect(card.getByRole('button', { name: 'Undo: Make cell names unique' })).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Another reference file' })).toHaveValue('/half/a/path');
  });

  await story.step('Query: its file', async () => {
    await annotate.goTo('Query');
    await annotate.addFile('Query file', tables.query);
    const card = annotate.card('asked.csv', 'query');
    await expect(card.getByRole('status')).toHaveText('Ready');
    await page.reload();
    await expect(card.getByRole('status')).toHaveText('Ready');
    await annotate.goTo('Reference');
    await expect(annotate.card('labelled.csv').getByRole('status')).toHaveText('Ready');
  });

  await page.getByRole('link', { name: 'CellPredX Studio, home' }).click();
  await new HomePage(page).openSample.click();
  await expect(annotate.start).toBeEnabled({ timeout: 60_000 });

  await story.step('Scenario: what the files suggest, and another choice', async () => {
    await annotate.goTo('Scenario');
    const chosen = page.getByRole('radio', { name: /^RNA → RNA/ });
    await expect(page.getByText('Suggested by your files')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('radio', { name: 'RNA → ATAC, unmatched cells' })).toBeChecked();
    await chosen.check();
    await page.reload();
    await expect(chosen).toBeChecked();
    await expect(page.getByText('Suggested by your files')).toBeVisible({ timeout: 60_000 });
  });

  await story.step('Match: label column, truth and the scenario that was chosen', async () => {
    await annotate.goTo('Match');
    await expect(page.getByText('Fits well')).toBeVisible({ timeout: 60_000 });
    const truth = page.getByRole('combobox', { name: /^True labels of the query/ });
    await truth.selectOption('');
    await page.reload();
    await expect(page.getByText('Fits well')).toBeVisible({ timeout: 60_000 });
    await expect(truth).toHaveValue('');
    await expect(page.getByRole('region', { name: 'Scenario' })).toContainText(
      'RNA → RNA, across protocols, chosen by you',
    );
    await expect(page.getByRole('combobox', { name: 'Label column of the reference' })).not.toHaveValue('');
  });

  await story.step('Method: method, settings, threshold and seed', async () => {
    await annotate.goTo('Method');
    await annotate.setting('Steps').fill('60');
    await page.getByRole('slider', { name: 'Unknown threshold' }).fill('0.42');
    await page.getByText(/^Advanced: /).click();
    await page.getByRole('textbox', { name: 'Seed' }).fill('77');
    await page.reload();
    await expect(annotate.setting('Steps')).toHaveValue('60');
    await expect(page.getByRole('slider', { name: 'Unknown threshold' })).toHaveValue('0.42');
    await page.getByText(/^Advanced: /).click();
    await expect(page.getByRole('textbox', { name: 'Seed' })).toHaveValue('77');
  });

  await story.step(
    'Review: project and folder as far as they were typed, and then it runs with all of it',
    async () => {
      await annotate.goTo('Review and run');
      const folder = page.getByRole('textbox', { name: 'Folder of the project' });
      await folder.fill(host.projects);
      await page.getByRole('textbox', { name: 'Project name' }).fill('Kept over a reload');
      await page.reload();
      await expect(page.getByRole('textbox', { name: 'Project name' })).toHaveValue('Kept over a reload');
      await expect(folder).toHaveValue(host.projects);
      await expect(page.getByText(/seed 77/)).toBeVisible();
      const files = page.getByRole('table', { name: 'Files that the run reads' });
      await expect(files.getByRole('row', { name: /^Query .*\.h5ad/ })).toBeVisible();
      await page.getByText(/^All \d+ settings of CellPredX, \d+ changed from the preset/).click();
      const steps = page.getByRole('table', { name: 'Settings of the run' }).getByRole('row', { name: /^Steps/ });
      await expect(steps).toContainText('60');
      await expect(steps).toContainText('changed by you');
      await annotate.start.click();
      await expect(page).toHaveURL(/Kept%20over%20a%20reload/);
    },
  );

  await story.step('a reload of the result shows it again', async () => {
    const results = new ResultsPage(page);
    await expect(results.composition).toBeVisible({ timeout: 120_000 });
    await expect(results.threshold).toHaveValue('0.42');
    await page.reload();
    await expect(results.composition).toBeVisible();
  });
});
