import { parse } from 'csv-parse/sync';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HomePage } from './pages/home-page.ts';
import { ResultsPage } from './pages/results-page.ts';
import { addReference } from './steps/add-study.ts';
import { runSample } from './steps/run-sample.ts';
import { openPicture } from './support/saved-chart.ts';
import { expect, story } from './support/story.ts';

story('every file of the export opens: tables, figures, and the annotated copy as a study', async ({ page, host }) => {
  story.setTimeout(480_000);
  await runSample(page, { steps: 60 });
  const results = new ResultsPage(page);
  await expect(results.composition).toBeVisible({ timeout: 240_000 });
  const folder = join(host.files, 'all of it');
  await results.export.click();
  await results.exportDialog.getByRole('textbox', { name: 'Folder to write into' }).fill(folder);
  await results.exportDialog.getByRole('button', { name: 'Write the files' }).click();
  await expect(results.exportDialog.getByRole('status')).toContainText('files written into', { timeout: 180_000 });
  await page.keyboard.press('Escape');

  const files = (await readdir(folder, { recursive: true })).filter((name) => /\.\w+$/.test(name));
  for (const name of files.filter((file) => file.endsWith('.csv'))) {
    const [header, ...rows] = parse(await readFile(join(folder, name), 'utf8')); // refuses rows of another width
    expect(rows.length, name).toBeGreaterThan(0);
    for (const title of header!) expect(title, name).not.toBe('');
  }
  for (const name of files.filter((file) => file.endsWith('.svg'))) {
    const opened = await openPicture(page, { name, bytes: await readFile(join(folder, name)) }, 'image/svg+xml');
    expect(opened.broken, name).toBe(false);
    expect(opened.width, name).toBeGreaterThan(100);
  }
  for (const name of files.filter((file) => file.endsWith('.json')))
    expect(Object.keys(JSON.parse(await readFile(join(folder, name), 'utf8')) as object).length).toBeGreaterThan(0);

  await story.step('the annotated copy is a study like any other, with the labels as a column', async () => {
    await page.getByRole('link', { name: 'CellPredX Studio, home' }).click();
    await new HomePage(page).beginAnnotation();
    const card = await addReference(page, join(folder, 'query.annotated.h5ad'));
    await expect(card.getByRole('status')).toHaveText(/Ready/);
    await expect(card).toContainText('1,200 cells');
  });
});
