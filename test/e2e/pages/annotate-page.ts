import type { Locator, Page } from '@playwright/test';

export type StepName = 'Scenario' | 'Reference' | 'Query' | 'Match' | 'Method' | 'Review and run';

/** The steps of a new annotation. */
export class AnnotatePage {
  readonly page: Page;
  readonly start: Locator;
  readonly forward: Locator;

  constructor(page: Page) {
    this.page = page;
    this.start = page.getByRole('button', { name: 'Start the run' });
    this.forward = page.getByRole('button', { name: /^Continue to/ });
  }

  async goTo(step: StepName): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Steps of the annotation' })
      .getByRole('button', { name: new RegExp(`^${step}`) })
      .click();
  }

  /** Types the path of a file and adds it. */
  async addFile(label: string, path: string): Promise<void> {
    await this.page.getByRole('textbox', { name: label }).fill(path);
    await this.page.getByRole('button', { name: `Add ${label}` }).click();
  }

  /** The pre-flight card of a file. */
  card(file: string, role: 'reference' | 'query' = 'reference'): Locator {
    return this.page.getByRole('region', { name: `Pre-flight of ${file}, ${role}` });
  }

  setting(title: string): Locator {
    return this.page.getByRole('textbox', { name: title, exact: true });
  }
}
