import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSmallChromatin } from '../support/small-chromatin.ts';
import { AnnotatePage } from './pages/annotate-page.ts';
import { HomePage } from './pages/home-page.ts';
import { ResultsPage } from './pages/results-page.ts';
import { addReference } from './steps/add-study.ts';
import { expect, story } from './support/story.ts';

story(
  'fragments are labelled by an RNA study: genome guessed, cells listed, gene activity counted',
  async ({ page, host }) => {
    const { rna, fragments, cells } = await writeSmallChromatin(host.files);
    await new HomePage(page).beginAnnotation();
    const annotate = new AnnotatePage(page);

    await story.step('the reference is an expression study', async () => {
      const card = await addReference(page, rna);
      await expect(card.getByRole('status')).toHaveText('Ready');
      await annotate.forward.click();
    });

    await story.step(
      'the pre-flight of the fragments tells the genome; a list says which barcodes are cells',
      async () => {
        await annotate.addFile('Query file', fragments);
        const card = annotate.card('fragments.tsv', 'query');
        await expect(card.getByRole('status')).toHaveText('Ready');
        await expect(card.getByRole('combobox', { name: 'Genome' })).toContainText('As the file shows: hg38');
        await expect(card).toContainText('260 barcodes');
        await card.getByRole('textbox', { name: 'List of cells' }).fill(cells);
        await card.getByRole('button', { name: 'Use List of cells' }).click();
        await expect(card).toContainText('Cells are those of cells.csv');
        await expect(card).toContainText('60 cells');
      },
    );

    await story.step('the match step says that gene activity is counted', async () => {
      await annotate.forward.click();
      await expect(page.getByRole('heading', { name: 'Open chromatin' })).toBeVisible({ timeout: 60_000 });
      await expect(page.getByText('fragments.tsv is turned into gene activity.')).toBeVisible();
      await expect(page.getByText('Fits well')).toBeVisible();
      await page.getByRole('combobox', { name: /^True labels of the query/ }).selectOption('cell_type');
    });

    await story.step('the run labels the cells', async () => {
      await annotate.goTo('Method');
      await annotate.setting('Steps').fill('60');
      await annotate.goTo('Review and run');
      await annotate.start.click();
      const results = new ResultsPage(page);
      await expect(results.composition).toBeVisible({ timeout: 120_000 });
      await results.export.click();
      const folder = join(host.files, 'labels');
      await results.exportDialog.getByRole('textbox', { name: 'Folder to write into' }).fill(folder);
      await results.exportDialog.getByRole('button', { name: 'Write the files' }).click();
      await expect(results.exportDialog.getByRole('status')).toContainText('files written into', { timeout: 60_000 });
      const truth = new Map(
        (await readFile(cells, 'utf8'))
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.split(',') as [string, string]),
      );
      const rows = (await readFile(join(folder, 'labels.csv'), 'utf8')).trim().split('\n').slice(1);
      expect(rows).toHaveLength(60);
      const right = rows.filter((row) => truth.get(row.split(',')[0]!) === row.split(',')[1]).length;
      expect(right).toBeGreaterThan(50);
    });
  },
);
