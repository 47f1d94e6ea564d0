import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { AnnotatePage } from './pages/annotate-page.ts';
import { HomePage } from './pages/home-page.ts';
import { ResultsPage } from './pages/results-page.ts';
import { RunPage } from './pages/run-page.ts';
import { runSample } from './steps/run-sample.ts';
import type { BrowserHost } from './support/browser-host.ts';
import { expect, story } from './support/story.ts';
import { writeCountTable } from './support/write-table.ts';

/** Checkpoints are at least five seconds apart. */
const untilCheckpointMs = 7000;

/** Kills the process that trains and has the run go on by the message that every screen shows. */
async function killAndResume(page: Page, host: BrowserHost): Promise<void> {
  expect(host.signalChildren('compute', 'SIGKILL')).toBe(1);
  const message = page.getByRole('region', { name: /^Run that broke off: reference\.h5ad → query\.h5ad/ });
  await expect(message).toContainText('was ended from outside (SIGKILL)');
  await message.getByRole('button', { name: 'Resume the run' }).click();
  await expect(message).toBeHidden();
}

story(
  'whichever screen is open when the compute process is killed, it says so and the run goes on',
  async ({ page, host }) => {
    const run = new RunPage(page);
    const home = new HomePage(page);
    const goHome = () => page.getByRole('link', { name: 'CellPredX Studio, home' }).click();
    await runSample(page, { steps: 20 });
    const results = new ResultsPage(page);
    await expect(results.composition).toBeVisible({ timeout: 120_000 });
    const earlier = page.url();

    await goHome();
    await runSample(page, { steps: 20_000 });
    const address = page.url();
    await expect.poll(() => run.lastStep(), { timeout: 60_000 }).toBeGreaterThan(20);
    await page.waitForTimeout(untilCheckpointMs);

    /** The run is open and goes on from a checkpoint, not from its beginning. */
    const goesOn = async (): Promise<void> => {
      await page.goto(address);
      await expect(page.getByText(/^Going on after step \d+$/)).toBeVisible({ timeout: 60_000 });
      await expect(run.state).toHaveText('Running');
    };

    await story.step('on the run view', async () => {
      expect(host.signalChildren('compute', 'SIGKILL')).toBe(1);
      await expect(run.state).toHaveText('Failed');
      await expect(page.getByRole('alert')).toContainText('was ended from outside (SIGKILL)');
      await run.resume.click();
      await goesOn();
    });

    await story.step('on the start page', async () => {
      await goHome();
      const card = home.projects.getByRole('button', { name: /Running/ });
      await expect(card).toBeVisible();
      await killAndResume(page, host);
      await expect(card).toBeVisible();
      await goesOn();
    });

    await story.step('in the wizard, whose choices stay', async () => {
      const annotate = new AnnotatePage(page);
      const table = join(host.files, 'labelled.csv');
      await writeCountTable(table, { cells: 60, seed: 3, nameOf: (cell) => `cell-${cell}` });
      await goHome();
      await home.beginAnnotation();
      await annotate.addFile('Reference file', table);
      await expect(annotate.card('labelled.csv').getByRole('status')).toHaveText('Ready');
      await annotate.goTo('Query');
      const typed = page.getByRole('textbox', { name: 'Query file' });
      await typed.fill('/half/a/path');
      await killAndResume(page, host);
      await expect(typed).toHaveValue('/half/a/path');
      await annotate.goTo('Reference');
      await expect(annotate.card('labelled.csv').getByRole('status')).toHaveText('Ready');
      await goesOn();
    });

    await story.step('in the result of an earlier run, which stays usable', async () => {
      await page.goto(earlier);
      await results.threshold.fill('0.5');
      await killAndResume(page, host);
      await expect(results.threshold).toHaveValue('0.5');
      await results.open('Markers');
      await expect(page.getByRole('tabpanel', { name: /^Markers/ })).toBeVisible();
      await goesOn();
    });

    await story.step('a run that broke off still says why after a restart of everything', async () => {
      expect(host.signalChildren('compute', 'SIGKILL')).toBe(1);
      await expect(run.state).toHaveText('Failed');
      await page.goto('about:blank');
      const link = await host.killAndStartAgain();
      await page.goto(link);
      await home.openSample.waitFor();
      await page.goto(new URL(`/${new URL(address).hash}`, link).href);
      await expect(run.state).toHaveText('Failed');
      await expect(page.getByRole('alert')).toContainText('was ended from outside (SIGKILL)');
      await expect(run.resume).toBeEnabled();
    });
  },
);

story(
  'the process that looks into files is killed: the question is asked again, or explained',
  async ({ page, host }) => {
    const annotate = new AnnotatePage(page);
    const tables = { reference: join(host.files, 'labelled.csv'), query: join(host.files, 'asked.csv') };
    await writeCountTable(tables.reference, { cells: 60, seed: 3, nameOf: (cell) => `cell-${cell}` });
    await writeCountTable(tables.query, { cells: 50, seed: 4, nameOf: (cell) => `other-${cell}` });
    await new HomePage(page).beginAnnotation();

    await story.step('during a pre-flight: it is asked again by itself', async () => {
      // stopped, they leave the question open for as long as it takes to kill them
      await expect.poll(() => host.signalChildren('side', 'SIGSTOP')).toBeGreaterThan(0);
      await annotate.addFile('Reference file', tables.reference);
      const state = annotate.card('labelled.csv').getByRole('status');
      await expect(state).toHaveText('Looking into it');
      host.signalChildren('side', 'SIGKILL');
      await expect(state).toHaveText('Ready');
    });

    await story.step('again and again: it is explained, and looking again works', async () => {
      await annotate.goTo('Query');
      await expect.poll(() => host.signalChildren('side', 'SIGSTOP')).toBeGreaterThan(0);
      await annotate.addFile('Query file', tables.query);
      const card = annotate.card('asked.csv', 'query');
      const explained = card.getByText(/asked\.csv was ended from outside \(SIGKILL\)/);
      const deadline = Date.now() + 20_000;
      while (!(await explained.isVisible()) && Date.now() < deadline) host.signalChildren('side', 'SIGKILL');
      await expect(explained).toBeVisible();
      await card.getByRole('button', { name: 'Look again' }).click();
      await expect(card.getByRole('status')).toHaveText('Ready');
    });

    await story.step('during the comparison', async () => {
      await page.getByRole('link', { name: 'CellPredX Studio, home' }).click();
      await new HomePage(page).openSample.click();
      await annotate.goTo('Match');
      await expect(page.getByText('Fits well')).toBeVisible({ timeout: 60_000 });
      await expect.poll(() => host.signalChildren('side', 'SIGSTOP')).toBeGreaterThan(0);
      await annotate.goTo('Scenario');
      await page.getByRole('radio', { name: /^RNA → RNA/ }).check();
      await annotate.goTo('Match');
      const comparing = page.getByRole('progressbar', { name: 'Comparing reference and query' });
      await expect(comparing).toBeVisible();
      host.signalChildren('side', 'SIGKILL');
      await expect(comparing).toBeHidden();
      await expect(page.getByRole('region', { name: 'Fit' }).getByText('shared features')).toBeVisible();
    });
  },
);
