import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AnnotatePage } from './pages/annotate-page.ts';
import { HomePage } from './pages/home-page.ts';
import { addReference } from './steps/add-study.ts';
import { expect, story } from './support/story.ts';
import { writeCountTable } from './support/write-table.ts';

story(
  'a file that is no study is refused with what to do, and another one is repaired by one click',
  async ({ page, host }) => {
    const broken = join(host.files, 'not-a-study.h5ad');
    await writeFile(broken, 'These are not the bytes of a study.\n'.repeat(40));
    const doubled = join(host.files, 'doubled-names.csv');
    await writeCountTable(doubled, { cells: 60, seed: 3, nameOf: (cell) => `cell-${cell % 55}` });

    await new HomePage(page).beginAnnotation();
    const annotate = new AnnotatePage(page);

    await story.step('the broken file says what is wrong and what to do, where it was added', async () => {
      const card = await addReference(page, broken);
      await expect(card.getByRole('status')).toHaveText('Not readable');
      await expect(card.getByRole('alert')).toContainText('not-a-study.h5ad');
      await expect(annotate.forward).toBeDisabled();
      await card.getByRole('button', { name: 'Remove not-a-study.h5ad' }).click();
      await expect(card).toBeHidden();
    });

    await story.step('doubled cell names are repaired by one click, and the repair can be undone', async () => {
      const card = await addReference(page, doubled);
      await expect(card.getByRole('status')).toHaveText('1 problem');
      await card.getByRole('button', { name: 'Make cell names unique', exact: true }).click();
      await expect(card.getByRole('status')).toHaveText('Ready');
      await expect(annotate.forward).toBeEnabled();
      await card.getByRole('button', { name: 'Undo: Make cell names unique' }).click();
      await expect(card.getByRole('status')).toHaveText('1 problem');
    });

    await story.step('the choice survives a reload', async () => {
      await page.reload();
      await expect(annotate.card('doubled-names.csv').getByRole('status')).toHaveText('1 problem');
    });
  },
);

story('a path that leads nowhere is told with the path in it', async ({ page, host }) => {
  await new HomePage(page).beginAnnotation();
  const card = await addReference(page, join(host.files, 'moved-away.h5ad'));
  await expect(card.getByRole('alert')).toContainText('moved-away.h5ad');
});

story('a file is found in the folders of the computer that computes', async ({ page, host }) => {
  await writeCountTable(join(host.files, 'counts.csv'), { cells: 40, seed: 5, nameOf: (cell) => `cell-${cell}` });
  await new HomePage(page).beginAnnotation();
  await page.getByRole('button', { name: 'Choose file: Reference file' }).click();
  const dialog = page.getByRole('dialog', { name: /Choose file/ });
  await dialog.getByRole('button', { name: 'files (folder)' }).click();
  await dialog.getByRole('button', { name: 'counts.csv (file)' }).click();
  await expect(dialog).toBeHidden();
  await expect(new AnnotatePage(page).card('counts.csv').getByRole('status')).toHaveText('Ready');
});
