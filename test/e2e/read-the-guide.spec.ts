import { expect, story } from './support/story.ts';

story('a person reads the guide within the application, without a network', async ({ page }) => {
  const asked = new Set<string>();
  page.on('request', (request) => asked.add(new URL(request.url()).hostname));
  await page.getByRole('button', { name: 'Help: user guide' }).click();
  await expect(page.getByRole('heading', { name: 'First labels in five minutes', level: 1 })).toBeVisible();
  const start = page.getByRole('img', { name: /^The start page/ });
  await start.scrollIntoViewIfNeeded();
  await expect.poll(() => start.evaluate((picture: { naturalWidth: number }) => picture.naturalWidth)).toBe(1280);

  await story.step('a word of the trade is explained where it stands', async () => {
    await page.getByRole('button', { name: 'confidence', exact: true }).first().hover();
    await expect(page.getByText(/^The probability the method gives/).filter({ visible: true })).toBeVisible();
  });

  await story.step('the pages lead on', async () => {
    const pages = page.getByRole('navigation', { name: 'Pages of the guide' });
    await pages.getByRole('link', { name: 'Reading confidence and Unknown' }).click();
    await expect(page.getByRole('heading', { name: 'Lost labels', level: 2 })).toBeVisible();
    await page.getByRole('article').getByRole('link', { name: 'markers', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Markers and heatmap', level: 1 })).toBeVisible();
  });

  await story.step('the help button of a screen opens the page that belongs to it', async () => {
    await page.keyboard.press('Alt+e');
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
    await page.getByRole('button', { name: 'Help: user guide' }).click();
    await expect(page.getByRole('heading', { name: 'Engines', level: 1 })).toBeVisible();
  });

  expect([...asked], 'who was asked for anything').toEqual(['127.0.0.1']);
});
