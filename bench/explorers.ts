/**
 * The explorers of a result in a real browser, over a synthetic project: frame times while a person moves the map and the
 * heatmap, and how long lasso, threshold, gene colouring, explanation and heatmap take to be on the screen.
 *
 *     npm run bench -- explorers
 *     CELLS="100000 1000000" npm run bench -- explorers
 *     BROWSER_ARGS="--enable-gpu --use-gl=egl" npm run bench -- explorers     with a graphics card
 */
import { chromium, type Page } from 'playwright';
import { findBrowser } from '../test/e2e/support/find-browser.ts';
import buildPage from '../test/e2e/support/build-page.ts';
import { startHost } from '../test/e2e/support/browser-host.ts';
import { syntheticResult } from './support/synthetic-result.ts';
import { aligned, machine, median, numbersOf, type TableCell, wordsOf } from './support/table.ts';

/** Counts frames in the page: milliseconds between one and the next. */
const startFrames = `window.frames_ = []; window.counting_ = true; (() => {
  let last = performance.now();
  const tick = (now) => { window.frames_.push(now - last); last = now; if (window.counting_) requestAnimationFrame(tick); };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(tick); });
})()`;

/** Milliseconds from an action until the page shows its effect and has drawn the next frame, seen from inside the page. */
function latency(page: Page, act: string, shown: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve, reject) => {
    const begun = performance.now();
    const look = () => {
      if (${shown}) requestAnimationFrame(() => resolve(performance.now() - begun));
      else if (performance.now() - begun > 60000) reject(new Error('nothing happened: ' + ${JSON.stringify(shown)}));
      else requestAnimationFrame(look);
    };
    ${act};
    requestAnimationFrame(look);
  })`);
}

/** Frame times while `move` goes on: [median, 95 %, longest, frames a second]. */
async function framesOf(page: Page, move: () => Promise<void>): Promise<TableCell[]> {
  await page.evaluate(startFrames);
  const begun = performance.now();
  await move();
  const seconds = (performance.now() - begun) / 1000;
  const frames = (await page.evaluate<number[]>('window.counting_ = false, window.frames_')).toSorted((a, b) => a - b);
  const at = (share: number): number => frames[Math.min(frames.length - 1, Math.floor(share * frames.length))] ?? NaN;
  return [at(0.5), at(0.95), at(1), frames.length / seconds];
}

const text = (needle: string): string => `document.body.textContent.includes(${JSON.stringify(needle)})`;
const image = (name: string): string =>
  `[...document.querySelectorAll('[role=img]')].some((one) => one.getAttribute('aria-label') === ${JSON.stringify(name)})`;

async function measure(cells: number): Promise<{ frames: TableCell[][]; latencies: TableCell[][] }> {
  const host = await startHost();
  const found = findBrowser();
  const browser = await chromium.launch({
    ...(found === null ? {} : { executablePath: found }),
    args: [...wordsOf('BROWSER_ARGS', [])],
  });
  try {
    const run = await syntheticResult(host.projects, { cells, perCell: cells > 200_000 ? 20 : 100, seed: 7 });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(120_000);
    await page.goto(host.link);
    await page.getByRole('link', { name: 'CellPredX Studio, home' }).waitFor();
    const frames: TableCell[][] = [];
    const latencies: TableCell[][] = [];
    const took = (what: string, milliseconds: number): void => void latencies.push([cells, what, milliseconds]);

    const address = `#/run/${encodeURIComponent(run.projectPath)}/${encodeURIComponent(run.runId)}`;
    took(
      'result on the screen',
      await latency(page, `location.hash = ${JSON.stringify(address)}`, image('Query cells by label')),
    );
    await page.getByRole('tab', { name: /^Map/ }).click();
    const area = page.getByRole('application', { name: /^Query cells/ });
    const box = (await area.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.waitForTimeout(2000);

    frames.push([
      cells,
      'map: dragging',
      ...(await framesOf(page, async () => {
        await page.mouse.move(x, y);
        await page.mouse.down();
        for (let i = 0; i < 90; i++) await page.mouse.move(x + 60 * Math.sin(i / 8), y + 40 * Math.cos(i / 9));
        await page.mouse.up();
      })),
    ]);
    frames.push([
      cells,
      'map: zooming',
      ...(await framesOf(page, async () => {
        for (let i = 0; i < 60; i++) await page.mouse.wheel(0, i < 30 ? -60 : 60);
      })),
    ]);
    await page.waitForTimeout(1500);

    const slider = `(() => { const one = document.querySelector('input[type=range]'); one.value = '0.8'; one.dispatchEvent(new Event('input', { bubbles: true })); })()`;
    took('threshold moved: counts and colours', await latency(page, slider, text('80.0 %')));
    await page.getByRole('radio', { name: /^Lasso/ }).check({ force: true });
    await page.mouse.move(x - 150, y - 100);
    await page.mouse.down();
    for (let turn = 0; turn < 6.2; turn += 0.2)
      await page.mouse.move(x + 180 * Math.cos(turn), y + 120 * Math.sin(turn));
    const up = `document.querySelector('[role=application]').dispatchEvent(new PointerEvent('pointerup', { bubbles: true, clientX: ${x}, clientY: ${y} }))`;
    took('lasso closed: cells selected', await latency(page, up, text('selected,')));
    await page.mouse.up();
    took('why this label', await latency(page, '0', text('Speak for it')));
    await page.getByRole('button', { name: 'Clear the selection' }).click();

    const field = page.getByRole('combobox', { name: 'Colour by a gene or feature' });
    for (const feature of ['GENE0123', 'GENE0777']) {
      await field.fill(feature);
      await page.getByRole('option', { name: feature }).waitFor();
      took(
        `coloured by ${feature}`,
        await latency(
          page,
          "document.querySelector('[role=option]').dispatchEvent(new PointerEvent('pointerup', { bubbles: true }))",
          image(`Query cells by ${feature}`),
        ),
      );
    }
    const values = await page.evaluate<number[]>(`(async () => {
      const times = [];
      for (let feature = 500; feature < 511; feature++) {
        const begun = performance.now();
        const body = JSON.stringify({ projectPath: ${JSON.stringify(run.projectPath)}, runId: ${JSON.stringify(run.runId)}, feature: 'GENE0' + feature });
        const headers = { 'Content-Type': 'application/json' };
        const reply = await fetch('/request/run:feature-values', { method: 'POST', headers, body });
        await reply.arrayBuffer();
        times.push(performance.now() - begun);
      }
      return times;
    })()`);
    took('values of one gene fetched (middle of 11)', median(values));

    let [open, asked] = [0, 0];
    let last = performance.now();
    page.on('request', (request) => {
      if (!request.url().includes('run:heatmap')) return;
      open++;
      asked++;
    });
    const ended = (request: { url(): string }): void => {
      if (!request.url().includes('run:heatmap')) return;
      open--;
      last = performance.now();
    };
    page.on('requestfinished', ended);
    page.on('requestfailed', ended); // tiles that are no longer wanted
    await page.getByRole('tab', { name: 'Heatmap' }).click();
    asked = 0;
    await page.getByRole('combobox', { name: 'Features per label' }).selectOption('50');
    const begun = performance.now();
    frames.push([
      cells,
      'heatmap: first fetched',
      ...(await framesOf(page, async () => {
        while (asked === 0 || open > 0 || performance.now() - Math.max(last, begun) < 700) {
          if (performance.now() - begun > 120_000)
            throw new Error('the heatmap of 1000 features was not fetched in 2 min');
          await page.waitForTimeout(50);
        }
      })),
    ]);
    took('heatmap of 1000 features complete', last - begun);
    const heat = (await page.getByRole('application', { name: /^Heatmap of/ }).boundingBox())!;
    frames.push([
      cells,
      'heatmap: zoom and drag',
      ...(await framesOf(page, async () => {
        await page.mouse.move(heat.x + heat.width / 2, heat.y + heat.height / 2);
        for (let i = 0; i < 25; i++) await page.mouse.wheel(0, -80);
        await page.mouse.down();
        for (let i = 0; i < 60; i++) await page.mouse.move(heat.x + heat.width / 2 - 4 * i, heat.y + heat.height / 2);
        await page.mouse.up();
      })),
    ]);
    return { frames, latencies };
  } finally {
    await browser.close();
    await host.close();
  }
}

buildPage();
console.log(`${machine()}\nChromium, window 1280 × 800; times in milliseconds. Frames are those of the whole page.`);
const frames: TableCell[][] = [];
const latencies: TableCell[][] = [];
for (const cells of numbersOf('CELLS', [100_000, 1_000_000])) {
  const found = await measure(cells);
  frames.push(...found.frames);
  latencies.push(...found.latencies);
}
console.log(aligned(['cells', 'while', 'median', '95 %', 'longest', 'frames/s'], frames));
console.log();
console.log(aligned(['cells', 'from the action to the screen', 'ms'], latencies));
