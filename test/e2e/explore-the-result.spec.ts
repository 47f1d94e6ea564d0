import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ResultsPage } from './pages/results-page.ts';
import { runSample } from './steps/run-sample.ts';
import { expect, story } from './support/story.ts';

story(
  'a person moves the threshold, sees which labels are lost, and the export counts what the screen says',
  async ({ page, host }) => {
    await runSample(page, { steps: 60 });
    const results = new ResultsPage(page);
    await expect(results.composition).toBeVisible({ timeout: 120_000 });
    const lost = page.getByRole('region', { name: 'Lost labels' });

    await story.step('under 100 % every label is lost, and the report says so', async () => {
      await results.threshold.fill('1');
      await expect(lost.getByText(/all Unknown|nobody/).first()).toBeVisible();
      expect(await results.cellsOf('Unknown')).toBe(1200);
    });

    await story.step('what is shown under 30 % is what labels.csv holds', async () => {
      await results.threshold.fill('0.3');
      const shown = new Map<string, number>();
      for (const name of ['Amber 1', 'Amber 2', 'Basalt 1', 'Basalt 2', 'Cedar', 'Dune', 'Unknown'])
        shown.set(name, await results.cellsOf(name));
      const folder = join(host.files, 'counted');
      await results.export.click();
      await results.exportDialog.getByRole('textbox', { name: 'Folder to write into' }).fill(folder);
      await results.exportDialog.getByRole('button', { name: 'Write the files' }).click();
      await expect(results.exportDialog.getByRole('status')).toContainText('files written into', { timeout: 60_000 });
      const rows = (await readFile(join(folder, 'labels.csv'), 'utf8')).trim().split('\n').slice(1);
      const written = Map.groupBy(rows, (row) => row.split(',')[3]!);
      for (const [name, cells] of shown) expect(written.get(name)?.length ?? 0, name).toBe(cells);
      await page.keyboard.press('Escape');
    });
  },
);

story('a person draws a lasso, asks why, lists the cells and colours the map by what decided', async ({ page }) => {
  await runSample(page, { steps: 60 });
  const results = new ResultsPage(page);
  await expect(results.composition).toBeVisible({ timeout: 120_000 });
  await results.threshold.fill('0.3');
  await results.open('Map');
  const area = results.map.getByRole('application', { name: /^Query cells by label/ });
  await expect(area).toBeVisible();

  await story.step('the lasso selects cells', async () => {
    await results.map.getByRole('radio', { name: /^Lasso/ }).check({ force: true });
    const box = (await area.boundingBox())!;
    const around = (turn: number): [number, number] => [
      box.x + box.width * (0.5 + 0.45 * Math.cos(turn)),
      box.y + box.height * (0.5 + 0.45 * Math.sin(turn)),
    ];
    await page.mouse.move(...around(0));
    await page.mouse.down();
    for (let turn = 0; turn < 6.2; turn += 0.3) await page.mouse.move(...around(turn));
    await page.mouse.up();
  });

  const why = page.getByRole('region', { name: 'Why this label?' });
  const selected = Number(
    /^([\d,]+) cells? selected/
      .exec((await why.getByRole('status').first().textContent())!.trim())![1]!
      .replaceAll(',', ''),
  );
  expect(selected).toBeGreaterThan(10);

  await story.step('the card says what spoke for and against their label', async () => {
    const speaks = why.getByRole('region', { name: /^Features that speak for/ });
    await expect(speaks.getByRole('button').first()).toBeVisible({ timeout: 60_000 });
    await expect(why.getByRole('region', { name: 'Nearest reference cells' })).toContainText('Most often near');
    const feature = await speaks.getByRole('button').first().innerText();
    await speaks.getByRole('button').first().click();
    await expect(results.map.getByRole('img', { name: `Query cells by ${feature}` })).toBeVisible();
  });

  await story.step('the table lists the selected cells and no others', async () => {
    await why.getByRole('button', { name: 'List them' }).click();
    await expect(results.cells.getByRole('status')).toContainText(
      new RegExp(`^${selected.toLocaleString('en')} cells? of `),
    );
    for (const box of await results.cells.getByRole('checkbox').all()) await expect(box).toBeChecked();
  });
});

story('a person finds a gene by typing and sees it on the map, in the markers and in the heatmap', async ({ page }) => {
  await runSample(page, { steps: 60 });
  const results = new ResultsPage(page);
  await expect(results.composition).toBeVisible({ timeout: 120_000 });

  await story.step('typing finds it', async () => {
    await results.open('Map');
    const field = page.getByRole('combobox', { name: 'Colour by a gene or feature' });
    await field.fill('gene0487');
    await page.getByRole('option', { name: 'simGene0487' }).click();
    await expect(results.map.getByRole('img', { name: 'Query cells by simGene0487' })).toBeVisible();
    await expect(page.getByText(/simGene0487 is found in [\d,]+ query cells/)).toBeAttached();
  });

  await story.step('a column of the studies colours both, by keys alone', async () => {
    const field = page.getByRole('combobox', { name: 'Colour by a column of the studies' });
    await field.focus();
    await page.keyboard.type('cell_ty');
    await expect(page.getByRole('option', { name: 'cell_type' })).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(results.map.getByRole('img', { name: 'Reference and query cells by cell_type' })).toBeVisible();
    const legend = results.map.getByRole('list', { name: 'Legend: cell_type' });
    await expect(legend.getByRole('button', { name: 'Amber 1 345', exact: true })).toBeVisible();
    await expect(legend.getByRole('button', { name: 'Query, not by this 1,200', exact: true })).toBeVisible();
  });

  await story.step('the same cells are looked at before training', async () => {
    await results.map.getByRole('radio', { name: 'Before training' }).check({ force: true });
    await expect(
      results.map.getByRole('img', { name: 'Reference and query cells by cell_type, before training' }),
    ).toBeVisible();
    await expect(results.map.getByText(/principal components of both studies together/)).toBeVisible();
    await results.map.getByRole('radio', { name: 'Learned space' }).check({ force: true });
  });

  await story.step('the keyboard moves the map and Escape lets go of the selection', async () => {
    await results.map.getByRole('application').focus();
    for (const key of ['+', 'ArrowLeft', 'ArrowUp', '-', '0', 'Escape']) await page.keyboard.press(key);
  });

  await story.step('a marker is looked at closely', async () => {
    await results.open('Markers');
    const table = page.getByRole('table', { name: 'Determinant features' });
    const first = table.getByRole('cell').getByRole('button').first();
    const name = await first.innerText();
    await first.click();
    await expect(page.getByRole('img', { name: `${name} by label` })).toBeVisible();
  });

  await story.step('the heatmap says what is under the pointer', async () => {
    await results.open('Heatmap');
    const heatmap = page.getByRole('application', { name: /^Heatmap of/ });
    await expect(heatmap).toBeVisible();
    const box = (await heatmap.boundingBox())!;
    await expect(async () => {
      await page.mouse.move(box.x + box.width / 2 + Math.random(), box.y + box.height / 2);
      await expect(page.getByText(/z-score -?\d/)).toBeVisible({ timeout: 1000 });
    }).toPass();
    await page.getByRole('button', { name: 'Closer along the cells' }).click();
  });
});

story(
  'a person compares an older annotation with the labels shown, and selects what went astray',
  async ({ page, host }) => {
    await runSample(page, { steps: 60 });
    const results = new ResultsPage(page);
    await expect(results.composition).toBeVisible({ timeout: 120_000 });
    await results.open('Confusion and flows');
    const confusion = page.getByRole('region', { name: 'Confusion and flows' });
    await expect(confusion.getByRole('img', { name: /against label shown$/ })).toBeVisible();
    const table = page.getByRole('table', { name: /^Cells by .* and label shown$/ });
    const said = /^Select ([\d,]+) cells?: (.+), shown as (.+)$/;

    await story.step('the numbers follow the threshold and are those of labels.csv', async () => {
      await results.threshold.fill('0.3');
      const shown = new Map<string, number>();
      for (const button of await table.getByRole('cell').getByRole('button').all()) {
        const [, cells, , to] = said.exec((await button.getAttribute('aria-label'))!)!;
        shown.set(to!, (shown.get(to!) ?? 0) + Number(cells!.replaceAll(',', '')));
      }
      const folder = join(host.files, 'compared');
      await results.export.click();
      await expect(results.exportDialog.getByRole('group', { name: 'Code' })).toContainText('pd.read_csv');
      await results.exportDialog.getByRole('textbox', { name: 'Folder to write into' }).fill(folder);
      await results.exportDialog.getByRole('button', { name: 'Write the files' }).click();
      await expect(results.exportDialog.getByText(/files written into/)).toBeVisible({ timeout: 60_000 });
      const rows = (await readFile(join(folder, 'labels.csv'), 'utf8')).trim().split('\n').slice(1);
      const written = Map.groupBy(rows, (row) => row.split(',')[3]!);
      expect(new Map([...written].map(([name, own]) => [name, own.length]))).toEqual(shown);
      await page.keyboard.press('Escape');
    });

    await story.step('a click on a field of the matrix selects its cells', async () => {
      const box = (await confusion.getByRole('img', { name: /against label shown$/ }).boundingBox())!;
      await expect(async () => {
        await page.mouse.click(
          box.x + box.width * (0.3 + 0.5 * Math.random()),
          box.y + box.height * (0.1 + 0.6 * Math.random()),
        );
        await expect(confusion.getByText(/^\d[\d,]* cells? selected: /)).toBeVisible({ timeout: 1000 });
      }).toPass();
    });

    await story.step('the table does the same by keys, and the cells can be listed', async () => {
      const first = table.getByRole('cell').getByRole('button').first();
      const [, cells] = said.exec((await first.getAttribute('aria-label'))!)!;
      await first.focus();
      await page.keyboard.press('Enter');
      await expect(confusion.getByText(new RegExp(`^${cells} cells selected: `))).toBeVisible();
      await confusion.getByRole('button', { name: 'List them' }).click();
      await expect(results.cells.getByRole('status')).toContainText(new RegExp(`^${cells} cells? of `));
    });

    await story.step('the heatmap puts like beside like', async () => {
      await results.open('Heatmap');
      await page.getByRole('radio', { name: 'Clustered' }).check({ force: true });
      await expect(page.getByRole('application', { name: /features and labels clustered/ })).toBeVisible({
        timeout: 30_000,
      });
    });
  },
);
