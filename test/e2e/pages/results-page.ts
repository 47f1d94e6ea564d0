import type { Locator, Page } from '@playwright/test';

/** What a finished run gave. */
export class ResultsPage {
  readonly composition: Locator;
  readonly map: Locator;
  readonly threshold: Locator;
  readonly confidence: Locator;
  readonly cells: Locator;
  readonly export: Locator;
  readonly exportDialog: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.composition = page.getByRole('region', { name: 'Label composition' });
    this.map = page.getByRole('region', { name: 'Map of the cells' });
    this.confidence = page.getByRole('region', { name: 'Confidence and Unknown' });
    this.threshold = this.confidence.getByRole('slider', { name: 'Unknown threshold' });
    this.cells = page.getByRole('region', { name: 'Labels of the query cells' });
    this.export = page.getByRole('button', { name: /^Export/ });
    this.exportDialog = page.getByRole('dialog', { name: 'Export the result' });
  }

  async open(
    tab: 'Overview' | 'Map' | 'Markers' | 'Heatmap' | 'Confusion and flows' | 'Cells' | 'Figures' | 'How it was made',
  ): Promise<void> {
    await this.#page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
  }

  /** Query cells shown under a label, as the composition says. */
  async cellsOf(label: string): Promise<number> {
    const row = this.composition
      .getByRole('row')
      .filter({ has: this.#page.getByRole('button', { name: label, exact: true }) });
    const said = await row.getByRole('cell').nth(1).innerText();
    return said.startsWith('none') ? 0 : Number(/^[\d,]+/.exec(said)![0].replaceAll(',', ''));
  }
}
