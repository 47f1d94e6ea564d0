import type { Locator, Page } from '@playwright/test';
import { AnnotatePage } from './annotate-page.ts';

/** Where a session begins. */
export class HomePage {
  readonly page: Page;
  readonly newAnnotation: Locator;
  readonly openSample: Locator;
  readonly projects: Locator;

  constructor(page: Page) {
    this.page = page;
    this.newAnnotation = page.getByRole('button', { name: /New annotation|Continue the annotation/ });
    this.openSample = page.getByRole('button', { name: 'Open the sample study' });
    this.projects = page.getByRole('region', { name: 'Projects' });
  }

  /** Begins an annotation, or goes on with it, at the step where the reference is chosen: the scenario is left to the files. */
  async beginAnnotation(): Promise<void> {
    await this.newAnnotation.click();
    await new AnnotatePage(this.page).goTo('Reference');
  }
}
