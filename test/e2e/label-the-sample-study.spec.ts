import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ResultsPage } from './pages/results-page.ts';
import { runSample } from './steps/run-sample.ts';
import { expect, story } from './support/story.ts';

story('a person labels the sample study, moves the threshold and exports what they see', async ({ page, host }) => {
  await runSample(page, { steps: 60 });
  const results = new ResultsPage(page);
  await expect(results.composition).toBeVisible({ timeout: 120_000 });
  await expect(results.map.getByRole('img', { name: 'Query cells by label' })).toBeVisible();
  await expect(page.getByText(/on 1,128 cells with truth/).first()).toBeVisible();

  await story.step('the threshold relabels at once', async () => {
    await results.threshold.fill('1');
    await expect(results.confidence.getByRole('status')).toContainText('1,200 Unknown');
    expect(await results.cellsOf('Unknown')).toBe(1200);
    await results.threshold.fill('0.3');
    await expect(results.confidence.getByRole('status')).not.toContainText('1,200 Unknown');
    const unknown = await results.cellsOf('Unknown');
    expect(unknown).toBeLessThan(1200);
    expect(await results.cellsOf('Amber 1')).toBeGreaterThan(0);
  });

  await story.step('the table of cells follows the threshold and the chosen label', async () => {
    const unknown = await results.cellsOf('Unknown');
    await results.open('Cells');
    await results.cells.getByRole('combobox', { name: 'Show cells of' }).selectOption('Unknown');
    const total = unknown === 0 ? 'No cells' : unknown.toLocaleString('en');
    await expect(results.cells.getByRole('status')).toHaveText(new RegExp(`^${total}( cells?)? of 1,200\\.$`));
  });

  await story.step('the export writes labels at this threshold', async () => {
    const folder = join(host.files, 'labels of the sample');
    await results.export.click();
    await results.exportDialog.getByRole('textbox', { name: 'Folder to write into' }).fill(folder);
    await results.exportDialog.getByRole('button', { name: 'Write the files' }).click();
    await expect(results.exportDialog.getByRole('status')).toContainText('files written into', { timeout: 60_000 });
    const files = await readdir(folder);
    expect(files).toEqual(expect.arrayContaining(['labels.csv', 'summary.json', 'query.annotated.h5ad', 'figures']));
    const [header, ...rows] = (await readFile(join(folder, 'labels.csv'), 'utf8')).trim().split('\n');
    expect(header).toBe('cell,predicted,confidence,label');
    expect(rows).toHaveLength(1200);
    for (const row of rows) {
      const [, predicted, confidence, label] = row.split(',');
      expect(label).toBe(Number(confidence) > 0.3 ? predicted : 'Unknown');
    }
  });
});
