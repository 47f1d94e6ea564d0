import { expect, type Locator, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';

export type Saved = { readonly name: string; readonly bytes: Buffer };

/** Opens the menu of a chart and saves it in one of the ways offered. */
export async function saveChart(page: Page, button: Locator, way: RegExp): Promise<Saved> {
  await button.click();
  const coming = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: way }).click();
  const download = await coming;
  await expect(button).toBeEnabled();
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Size and resolution that a PNG says it has. */
export function pngFacts(bytes: Buffer): { width: number; height: number; dpi: number } {
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  const at = bytes.indexOf('pHYs');
  expect(at, 'a pHYs chunk').toBeGreaterThan(0);
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    dpi: Math.round(bytes.readUInt32BE(at + 4) * 0.0254),
  };
}

/** Opens a picture as any program would; its size in px, and its texts where it is an SVG. */
export async function openPicture(
  page: Page,
  { bytes }: Saved,
  type: string,
): Promise<{ width: number; height: number; texts: string[]; broken: boolean }> {
  const address = `data:${type};base64,${bytes.toString('base64')}`;
  return page.evaluate(`(async () => {
    const image = new Image();
    image.src = ${JSON.stringify(address)};
    await image.decode();
    const read = new DOMParser().parseFromString(${JSON.stringify(type.includes('svg') ? bytes.toString() : '<svg/>')}, 'image/svg+xml');
    return {
      width: image.naturalWidth,
      height: image.naturalHeight,
      texts: [...read.querySelectorAll('text')].map((text) => text.textContent),
      broken: read.querySelector('parsererror') !== null,
    };
  })()`);
}

/** Mean difference (0…255) of the first picture within an SVG from a canvas of the page, both seen from afar. */
export async function differenceFromCanvas(page: Page, svg: Saved, canvas: Locator): Promise<number> {
  const href = /<image [^>]*href="([^"]+)"/.exec(svg.bytes.toString())?.[1];
  expect(href, 'a picture within the SVG').toBeDefined();
  const mark = `shot-${Date.now()}`;
  await canvas.evaluate((element, id) => element.setAttribute('data-shot', id), mark);
  return page.evaluate(`(async () => {
    const image = new Image();
    image.src = ${JSON.stringify(href)};
    await image.decode();
    const fromAfar = (source) => {
      const sheet = new OffscreenCanvas(96, 64).getContext('2d');
      sheet.imageSmoothingQuality = 'high';
      sheet.drawImage(source, 0, 0, 96, 64);
      return sheet.getImageData(0, 0, 96, 64).data;
    };
    const [a, b] = [fromAfar(image), fromAfar(document.querySelector('[data-shot="${mark}"]'))];
    return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
  })()`);
}
