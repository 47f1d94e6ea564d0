import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { AnnotatePage } from './pages/annotate-page.ts';
import { HomePage } from './pages/home-page.ts';
import { ResultsPage } from './pages/results-page.ts';
import { addReference } from './steps/add-study.ts';
import { expect, story } from './support/story.ts';

story.skip(!hasSharedData, 'the real studies are not beside this checkout');

story(
  'real blood cells: fragments are labelled by an expression study of another donor, repaired on the way',
  async ({ page, host }) => {
    story.setTimeout(360_000);
    await mkdir(host.files, { recursive: true });
    const take = async (path: string): Promise<string> => {
      const copy = join(host.files, path.split('/').at(-1)!);
      await cp(sharedData(path), copy);
      return copy;
    };
    const [rna, fragments, labels] = [
      await take('pbmc-10x/pbmc4k.h5ad'),
      await take('pbmc-fragments/fragments.tsv.gz'),
      await take('pbmc-fragments/cell_labels.csv'),
    ];
    await new HomePage(page).beginAnnotation();
    const annotate = new AnnotatePage(page);

    await story.step('cells of the reference that have no kind are left out by one click', async () => {
      const card = await addReference(page, rna);
      await expect(card).toContainText('A label that names no kind of cell is learned like any other', {
        timeout: 60_000,
      });
      await card.getByRole('button', { name: /^Leave out/ }).click();
      await expect(card.getByRole('status')).toHaveText('Ready');
      await expect(card).not.toContainText('names no kind of cell');
      await annotate.forward.click();
    });

    await story.step('the fragments tell their genome, and their labels say which barcodes are cells', async () => {
      await annotate.addFile('Query file', fragments);
      const card = annotate.card('fragments.tsv.gz', 'query');
      await expect(card.getByRole('combobox', { name: 'Genome' })).toContainText('As the file shows: hg19');
      await card.getByRole('button', { name: 'Labels from a separate CSV' }).click();
      await card.getByRole('textbox', { name: 'Labels file' }).fill(labels);
      await card.getByRole('button', { name: 'Join Labels file' }).click();
      await expect(card).toContainText('150 cells');
      await expect(card.getByRole('status')).toHaveText('Ready');
    });

    await story.step('the match step says what is done before anything runs', async () => {
      await annotate.forward.click();
      await expect(page.getByText('fragments.tsv.gz is turned into gene activity.')).toBeVisible({ timeout: 60_000 });
      await page.getByRole('combobox', { name: 'Label column of the reference' }).selectOption('cell_type_broad');
      await page.getByRole('combobox', { name: /^True labels of the query/ }).selectOption('cell_type');
      await expect(page.getByText('Fits well')).toBeVisible({ timeout: 60_000 });
    });

    await story.step('the run labels the cells', async () => {
      await annotate.goTo('Method');
      await annotate.setting('Steps').fill('150');
      await annotate.goTo('Review and run');
      await annotate.start.click();
      const results = new ResultsPage(page);
      await expect(results.composition).toBeVisible({ timeout: 240_000 });
      await results.export.click();
      const folder = join(host.files, 'labels');
      await results.exportDialog.getByRole('textbox', { name: 'Folder to write into' }).fill(folder);
      await results.exportDialog.getByRole('button', { name: 'Write the files' }).click();
      await expect(results.exportDialog.getByRole('status')).toContainText('files written into', { timeout: 60_000 });
      const rows = (await readFile(join(folder, 'labels.csv'), 'utf8')).trim().split('\n').slice(1);
      expect(rows).toHaveLength(150);
      // the studies name kinds of cells in their own ways: B.1 is a B cell, M.1 a monocyte, T.1 a T cell
      const right = rows.filter((row) => {
        const [cell, label] = row.split(',') as [string, string];
        return label.replace('Mono', 'M').startsWith(cell[0]!);
      });
      expect(right.length).toBeGreaterThan(95); // the commonest kind has 50
    });
  },
);
