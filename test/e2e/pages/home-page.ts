import type { Locator, Page } from '@playwright/test';

/** Where a session begins. */
export class HomePage {
  readonly newAnnotation: Locator;
  readonly openSample: Locator;
  readonly projects: Locator;

  constructor(page: Page) {
    this.newAnnotation = page.getByRole('button', { name: /New annotation|Continue the annotation/ });
    this.openSample = page.getByRole('button', { name: 'Open the sample study' });
    this.projects = page.getByRole('region', { name: 'Projects' });
  }
}
