import type { Locator, Page } from '@playwright/test';

/** A run on its way. */
export class RunPage {
  readonly state: Locator;
  readonly cancel: Locator;
  readonly pause: Locator;
  readonly resume: Locator;
  readonly losses: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.state = page.getByRole('status', { name: 'State of the run' });
    this.cancel = page.getByRole('button', { name: 'Cancel the run' });
    this.pause = page.getByRole('button', { name: 'Pause the run' });
    this.resume = page.getByRole('button', { name: 'Resume the run' });
    this.losses = page.getByRole('region', { name: 'Loss terms' });
  }

  /** The last step that the curve of the total loss reaches; 0 before the first one. */
  async lastStep(): Promise<number> {
    const curve = this.losses.getByRole('img', { name: /^total:/i });
    if ((await curve.count()) === 0) return 0;
    const said = await curve.getAttribute('aria-label');
    return Number(/at step ([\d,]+)$/.exec(said ?? '')?.[1]?.replaceAll(',', '') ?? 0);
  }

  get url(): string {
    return this.#page.url();
  }
}
