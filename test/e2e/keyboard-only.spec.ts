import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AnnotatePage } from './pages/annotate-page.ts';
import { HomePage } from './pages/home-page.ts';
import { ResultsPage } from './pages/results-page.ts';
import { pressAt, tabTo } from './support/keyboard.ts';
import { expect, story } from './support/story.ts';

story('a person without a mouse labels the sample study, looks around and exports', async ({ page, host }) => {
  story.setTimeout(300_000);
  const annotate = new AnnotatePage(page);
  const results = new ResultsPage(page);
  const stepper = page.getByRole('navigation', { name: 'Steps of the annotation' });
  const tab = (name: RegExp) => page.getByRole('tab', { name });

  await story.step('the first stop of the start page skips to the content', async () => {
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await pressAt(page, new HomePage(page).openSample, 'Enter');
  });

  await story.step('the wizard is walked through: a setting is typed, a slider moved, a method chosen', async () => {
    await expect(annotate.start).toBeEnabled({ timeout: 60_000 });
    await pressAt(page, stepper.getByRole('button', { name: /^Method/ }), 'Enter');
    await tabTo(page, page.getByRole('radio', { name: /^CellPredX/ }));
    await tabTo(page, annotate.setting('Steps'));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('60');
    const slider = page.getByRole('slider', { name: 'Unknown threshold' });
    await tabTo(page, slider);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await expect(slider).toHaveValue('0.99');
    const advanced = page.getByRole('group').filter({ hasText: /^Advanced/ });
    await tabTo(page, page.getByText(/^Advanced: /));
    await page.keyboard.press('Enter');
    await expect(advanced.getByRole('textbox', { name: 'Seed' })).toBeVisible();
    await pressAt(page, page.getByRole('button', { name: 'Continue to review and run' }), 'Enter');
    await pressAt(page, annotate.start, 'Enter');
  });

  await story.step('the threshold follows the arrow keys', async () => {
    await expect(results.composition).toBeVisible({ timeout: 120_000 });
    await tabTo(page, results.threshold);
    await page.keyboard.press('Home');
    await expect(results.confidence.getByRole('status')).toContainText('0 Unknown');
    for (let step = 0; step < 30; step++) await page.keyboard.press('ArrowRight');
    await expect(results.threshold).toHaveValue('0.3');
  });

  await story.step('the map is moved, and the cells of a label are selected without drawing', async () => {
    await tabTo(page, tab(/^Overview/), { key: 'Shift+Tab' });
    await page.keyboard.press('ArrowRight');
    await expect(tab(/^Map/)).toBeFocused();
    await tabTo(page, results.map.getByRole('application'));
    for (const key of ['+', 'ArrowLeft', 'ArrowUp', '-', '0']) await page.keyboard.press(key);
    const legend = results.map.getByRole('list', { name: 'Legend: Label' });
    await pressAt(page, legend.getByRole('button', { name: /^Select the [\d,]+ cells of Amber 1/ }), 'Enter');
    const why = page.getByRole('region', { name: 'Why this label?' });
    await expect(why.getByRole('status').first()).toContainText(/[\d,]+ cells selected/);
    await expect(why.getByRole('region', { name: 'Features that speak for Amber 1' })).toBeVisible({ timeout: 60_000 });
  });

  await story.step('a table is reached through the tabs, and a row is unticked', async () => {
    await tabTo(page, tab(/^Map/), { key: 'Shift+Tab' });
    for (const next of [/^Markers/, /^Heatmap/, /^Confusion/, /^Cells/]) {
      await page.keyboard.press('ArrowRight');
      await expect(tab(next)).toBeFocused();
    }
    const box = results.cells.getByRole('checkbox').filter({ visible: true });
    await tabTo(page, box.nth(1));
    const before = await box.nth(1).isChecked();
    await page.keyboard.press('Space');
    expect(await box.nth(1).isChecked()).toBe(!before);
  });

  await story.step('the dialog keeps the focus, gives it back, and writes the labels', async () => {
    await tabTo(page, results.export, { key: 'Shift+Tab' });
    await page.keyboard.press('Enter');
    const field = results.exportDialog.getByRole('textbox', { name: 'Folder to write into' });
    for (let turn = 0; turn < 12; turn++) {
      await page.keyboard.press('Tab');
      await expect(results.exportDialog.locator(':focus')).toHaveCount(1);
    }
    await page.keyboard.press('Escape');
    await expect(results.exportDialog).toBeHidden();
    await expect(results.export).toBeFocused();
    await page.keyboard.press('Enter');
    const folder = join(host.files, 'by keyboard');
    await tabTo(page, field);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(folder);
    await pressAt(page, results.exportDialog.getByRole('button', { name: 'Write the files' }), 'Enter');
    await expect(results.exportDialog.getByRole('status')).toContainText('files written into', { timeout: 60_000 });
    const rows = (await readFile(join(folder, 'labels.csv'), 'utf8')).trim().split('\n');
    expect(rows).toHaveLength(1201);
  });
});
