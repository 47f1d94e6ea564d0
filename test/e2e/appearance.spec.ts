import type { Page } from '@playwright/test';
import { ResultsPage } from './pages/results-page.ts';
import { runSample } from './steps/run-sample.ts';
import { expect, story } from './support/story.ts';

/** Colour of the map where no cell lies, and of the card around it. */
async function colours(page: Page): Promise<{ map: string; card: string }> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('[role="application"] canvas');
    const sheet = new OffscreenCanvas(1, 1).getContext('2d');
    sheet.drawImage(canvas, canvas.width - 3, 2, 1, 1, 0, 0, 1, 1);
    const [red, green, blue] = sheet.getImageData(0, 0, 1, 1).data;
    const card = getComputedStyle(canvas.closest('section')).backgroundColor;
    return { map: 'rgb(' + red + ', ' + green + ', ' + blue + ')', card };
  })()`);
}

story(
  'an appearance is chosen and kept, the map follows it at once, and the system’s when asked to',
  async ({ page }) => {
    story.setTimeout(400_000);
    await page.emulateMedia({ colorScheme: 'light' });
    await runSample(page, { steps: 30 });
    await expect(new ResultsPage(page).composition).toBeVisible({ timeout: 300_000 });
    const choose = async (name: string): Promise<void> => {
      await page.getByRole('radiogroup', { name: 'Appearance' }).getByRole('radio', { name }).check({ force: true });
    };
    const seen: string[] = [];
    const expectMapLikeCard = async (): Promise<void> => {
      await expect.poll(async () => (({ map, card }) => map === card)(await colours(page))).toBe(true);
      seen.push((await colours(page)).card);
    };
    await expectMapLikeCard();
    await choose('Dark');
    await expectMapLikeCard();
    await choose('High contrast');
    await expectMapLikeCard();

    await page.reload();
    await expect(page.getByRole('radio', { name: 'High contrast' })).toBeChecked();
    await expect(new ResultsPage(page).composition).toBeVisible({ timeout: 60_000 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectMapLikeCard();
    await choose('As the system');
    await expectMapLikeCard();
    expect(seen).toEqual(['rgb(255, 255, 255)', seen[1], 'rgb(255, 255, 255)', 'rgb(0, 0, 0)', seen[1]]);
  },
);
