import { RunPage } from './pages/run-page.ts';
import { runSample } from './steps/run-sample.ts';
import { expect, story } from './support/story.ts';

story('a person asks the doctor about the engines, and sees that nothing goes over the network', async ({ page }) => {
  await page.getByRole('button', { name: /^Engine: / }).click();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  const cpu = page.getByRole('listitem', { name: /^CPU/ });
  await expect(cpu.getByText(/training steps a second/)).toBeVisible({ timeout: 60_000 });

  await story.step('one engine is tested again in a process of its own', async () => {
    await cpu.getByRole('button', { name: /^Test again/ }).click();
    await expect(cpu.getByRole('status')).toHaveText('Tested just now.', { timeout: 60_000 });
  });

  await story.step('the window has asked nobody but the application', async () => {
    const network = page.getByRole('region', { name: 'No network' });
    await expect(network).toContainText(/has made \d+ requests since it opened, all of them to CellPredX Studio/);
  });

  await story.step('the arrow keys lead to the other parts of the settings', async () => {
    await page.getByRole('tab', { name: 'Engines and network' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByText('Nothing is kept yet')).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await page
      .getByRole('radiogroup', { name: 'Appearance of the window' })
      .getByRole('radio', { name: 'Dark' })
      .check();
    await expect(page.getByText(/Stays dark/)).toBeVisible();
  });
});

story('a person sees what a run takes on the disk and removes its checkpoints', async ({ page }) => {
  await runSample(page, { steps: 20_000 });
  const run = new RunPage(page);
  await expect.poll(() => run.lastStep(), { timeout: 120_000 }).toBeGreaterThan(30);
  const address = page.url();
  await page.waitForTimeout(6000); // checkpoints follow each other no sooner than this
  await expect.poll(() => run.lastStep(), { timeout: 60_000 }).toBeGreaterThan(60);
  await run.cancel.click();
  await expect(run.state).toHaveText('Cancelled');

  await page.getByRole('button', { name: 'Settings' }).click();
  const card = page.getByRole('region', { name: /^Storage of Sample study/ });
  await card.getByRole('button', { name: /^Remove checkpoints/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText(/were freed in Sample study/)).toBeVisible();
  await expect(card.getByRole('button', { name: /^Remove checkpoints/ })).toBeHidden();

  await story.step('the run can be started from its beginning', async () => {
    await page.goto(address);
    await run.resume.click();
    await expect(run.state).toHaveText('Running');
    await run.cancel.click();
    await expect(run.state).toHaveText('Cancelled');
  });
});
