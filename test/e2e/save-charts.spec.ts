import { ResultsPage } from './pages/results-page.ts';
import { runSample } from './steps/run-sample.ts';
import { differenceFromCanvas, openPicture, pngFacts, saveChart } from './support/saved-chart.ts';
import { expect, story } from './support/story.ts';

story(
  'every chart is saved as SVG, as PNG at a resolution and as numbers, as it is on the screen',
  async ({ page }) => {
    story.setTimeout(300_000);
    await runSample(page, { steps: 60 });
    const results = new ResultsPage(page);
    await expect(results.composition).toBeVisible({ timeout: 120_000 });
    await results.threshold.fill('0.3');
    const unknown = await results.cellsOf('Unknown');
    const button = (of: string | RegExp) =>
      page.getByRole('button', { name: typeof of === 'string' ? `Save the chart: ${of}` : of });

    /** Saves a chart in every way and opens what was written; gives the lines of the table. */
    async function saveAll(of: string | RegExp, texts: readonly string[]): Promise<string[]> {
      const svg = await saveChart(page, button(of), /SVG/);
      const drawing = await openPicture(page, svg, 'image/svg+xml');
      expect(drawing.broken).toBe(false);
      for (const text of texts) expect(drawing.texts.join('\n')).toContain(text);
      const png = await saveChart(page, button(of), /PNG.*300 dpi/);
      const { width, height, dpi } = pngFacts(png.bytes);
      expect(dpi).toBe(300);
      const picture = await openPicture(page, png, 'image/png');
      expect([picture.width, picture.height]).toEqual([width, height]);
      expect(width / height).toBeCloseTo(drawing.width / drawing.height, 1);
      expect(width / drawing.width).toBeCloseTo(300 / 96, 1);
      const table = await saveChart(page, button(of), /CSV/);
      expect([svg.name, png.name, table.name].map((name) => name.split('.').at(-1))).toEqual(['svg', 'png', 'csv']);
      return table.bytes.toString().trim().split('\n');
    }

    await story.step('the map: names and legend as text, a row per cell, the same points', async () => {
      const lines = await saveAll('Query cells by label', ['Amber 1', 'Label']);
      expect(lines).toHaveLength(1201);
      expect(lines[0]).toBe('Study,Cell,UMAP 1,UMAP 2,Label');
      expect(lines.filter((line) => line.endsWith(',Unknown'))).toHaveLength(unknown);
      const svg = await saveChart(page, button('Query cells by label'), /SVG/);
      const canvas = results.map.getByRole('img', { name: 'Query cells by label' }).locator('canvas');
      expect(await differenceFromCanvas(page, svg, canvas)).toBeLessThan(4);
    });

    await story.step('the histogram of confidence and the composition follow the threshold', async () => {
      const bins = await saveAll('Confidence', ['threshold 30.0 %', '100.0 %']);
      const cells = bins.slice(1).map((line) => Number(line.split(',')[2]));
      expect(cells.reduce((sum, own) => sum + own, 0)).toBe(1200);
      const shares = await saveAll('Label composition', ['Amber 1', 'Unknown']);
      const row = shares.find((line) => line.startsWith('Unknown,') && line.includes('Query'))!;
      expect(Number(/,([\d.e-]+),,/.exec(row)![1])).toBeCloseTo(unknown / 1200, 6);
    });

    await story.step('the map by a number has its scale', async () => {
      await results.map.getByRole('radio', { name: 'Confidence' }).check({ force: true });
      const lines = await saveAll('Query cells by confidence', ['Confidence', '100.0 %']);
      expect(lines).toHaveLength(1201);
      expect(Number(lines[1]!.split(',')[4])).toBeGreaterThan(0);
    });

    await story.step('why some cells have their label: a bar and a row for each that is shown', async () => {
      await results.open('Map');
      await results.map.getByRole('radio', { name: 'Label', exact: true }).check({ force: true });
      await results.map.getByRole('button', { name: /^Select the .* cells of Amber 1$/ }).click({ force: true });
      await expect(page.getByRole('region', { name: /^Features that speak for/ })).toBeVisible({ timeout: 60_000 });
      const lines = await saveAll('Why this label?', ['Why Amber 1?', 'Speak for it', 'nearest reference cells']);
      expect(lines.filter((line) => line.startsWith('"mean attribution, for Amber 1"'))).toHaveLength(8);
    });

    await story.step('violins of a marker', async () => {
      await results.open('Markers');
      const first = page
        .getByRole('table', { name: 'Determinant features' })
        .getByRole('cell')
        .getByRole('button')
        .first();
      const name = await first.innerText();
      await first.click();
      const lines = await saveAll(`${name} by label`, ['Amber 1']);
      expect(lines[0]).toContain('median');
    });

    await story.step('the heatmap: names as text, a column for each column that is seen', async () => {
      await results.open('Heatmap');
      await expect(page.getByRole('application', { name: /^Heatmap of/ })).toBeVisible();
      await expect(async () => {
        const lines = await saveAll('Heatmap', ['Confidence']);
        expect(lines.length).toBeGreaterThan(10);
        for (const line of lines.slice(1)) expect(line).toMatch(/,-?\d/); // every row has arrived
      }).toPass({ timeout: 60_000 });
    });

    await story.step('every figure of the run', async () => {
      await results.open('Figures');
      for (const figure of await page.getByRole('navigation', { name: 'Figures' }).getByRole('button').all()) {
        const title = await figure.innerText();
        await figure.click();
        await expect(page.getByRole('heading', { name: title, exact: true })).toBeVisible();
        const svg = await saveChart(page, button(/^Save the chart/), /SVG/);
        expect((await openPicture(page, svg, 'image/svg+xml')).texts.join(' ').length).toBeGreaterThan(10);
        expect(
          (await saveChart(page, button(/^Save the chart/), /CSV/)).bytes.toString().split('\n').length,
        ).toBeGreaterThan(2);
      }
    });
  },
);
