import { type Locator, type Page, test } from '@playwright/test';
import { basename } from 'node:path';
import { AnnotatePage } from '../pages/annotate-page.ts';

/** Types the path of a reference file and gives back its pre-flight card. */
export async function addReference(page: Page, path: string): Promise<Locator> {
  return test.step(`add ${basename(path)} as reference`, async () => {
    const annotate = new AnnotatePage(page);
    const card = annotate.card(basename(path));
    const label =
      (await page.getByRole('region', { name: /^Pre-flight of/ }).count()) === 0
        ? 'Reference file'
        : 'Another reference file';
    await annotate.addFile(label, path);
    await card.waitFor();
    return card;
  });
}
