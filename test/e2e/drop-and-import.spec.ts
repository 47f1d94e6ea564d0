import type { Locator } from '@playwright/test';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AnnotatePage } from './pages/annotate-page.ts';
import { HomePage } from './pages/home-page.ts';
import { ResultsPage } from './pages/results-page.ts';
import { runSample } from './steps/run-sample.ts';
import { expect, story } from './support/story.ts';
import { writeCountTable } from './support/write-table.ts';

/** Drops a file as a browser does: its name and what is in it, never where it lies. */
async function dropOn(target: Locator, name: string, bytes: Buffer): Promise<void> {
  const dataTransfer = await target.page().evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(${JSON.stringify(bytes.toString('base64'))}), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], ${JSON.stringify(name)}));
    return transfer;
  })()`);
  await target.dispatchEvent('drop', { dataTransfer });
}

story('files dropped on a page in a browser are read from a copy, each under its own name', async ({ page, host }) => {
  const annotate = new AnnotatePage(page);
  const table = join(host.files, 'anywhere.csv');
  await writeCountTable(table, { cells: 60, seed: 3, nameOf: (cell) => `cell-${cell}` });
  const bytes = await readFile(table);

  await story.step('on the file choice of the wizard', async () => {
    await new HomePage(page).beginAnnotation();
    await dropOn(page.getByRole('textbox', { name: 'Reference file' }), 'labelled.csv', bytes);
    const card = annotate.card('labelled.csv');
    await expect(card.getByRole('status')).toHaveText('Ready');
    await expect(card).toContainText('60 cells');
    await expect(card).toContainText(join(host.projects, 'Dropped files'));
  });

  await story.step('another of the same name takes nobody’s place, and both are found after a reload', async () => {
    await dropOn(page.getByRole('textbox', { name: 'Another reference file' }), 'labelled.csv', bytes);
    await expect(annotate.card('labelled.csv')).toHaveCount(2);
    await page.reload();
    await expect(annotate.card('labelled.csv').getByRole('status')).toHaveText(['Ready', 'Ready']);
    expect(await readdir(join(host.projects, 'Dropped files'))).toHaveLength(2);
  });

  await story.step('a file that is none is explained as it would be anywhere else', async () => {
    await annotate.goTo('Query');
    await dropOn(page.getByRole('textbox', { name: 'Query file' }), 'broken.h5ad', Buffer.from('not HDF5'));
    await expect(annotate.card('broken.h5ad', 'query').getByRole('status')).toHaveText('Not readable');
  });
});

story(
  'a project is exported, and its zip is imported by path and by a drop on the start page',
  async ({ page, host }) => {
    await runSample(page, { steps: 20 });
    const results = new ResultsPage(page);
    await expect(results.composition).toBeVisible({ timeout: 120_000 });
    const run = new URL(page.url()).hash;
    const [, project] = /^#\/run\/([^/]+)\//.exec(run)!;
    await page
      .getByRole('link', {
        name: decodeURIComponent(project!)
          .split('/')
          .at(-1)!
          .replace(/\.cpx$/, ''),
      })
      .click();

    await page.getByRole('button', { name: 'Export the project' }).click();
    await page.getByRole('textbox', { name: 'Folder for the zip' }).fill(host.files);
    await page.getByRole('button', { name: 'Write Folder for the zip' }).click();
    await expect(page.getByText(/^Written: .*\.cpx\.zip \(/)).toBeVisible({ timeout: 60_000 });
    const [zip] = (await readdir(host.files)).filter((name) => name.endsWith('.zip'));
    const bytes = await readFile(join(host.files, zip!));

    const home = page.getByRole('link', { name: 'CellPredX Studio, home' });
    const finished = page.getByRole('table', { name: 'Runs of the project' }).getByRole('row', { name: /Finished/ });
    await story.step('beside the project it came from it is refused with the reason', async () => {
      await home.click();
      await page.getByRole('textbox', { name: 'Import a project' }).fill(join(host.files, zip!));
      await page.getByRole('button', { name: 'Import Import a project' }).click();
      await expect(page.getByRole('alert')).toContainText('.cpx');
    });

    await story.step('dropped under another name it is a project with its finished run', async () => {
      await dropOn(page.getByRole('heading', { level: 1 }), 'Handed over.cpx.zip', bytes);
      await expect(page.getByRole('heading', { level: 1, name: /^Sample study/ })).toBeVisible({ timeout: 60_000 });
      await expect(page).toHaveURL(/Handed%20over\.cpx/);
      await expect(finished).toBeVisible();
      await finished.getByRole('link').click();
      await expect(results.composition).toBeVisible();
    });
  },
);
