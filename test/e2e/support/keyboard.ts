import { expect, type Locator, type Page, test } from '@playwright/test';

/** Whether what has the focus is in view and shows that it has it: by its own outline, or by that of its label. */
const showsFocus = `(() => {
  const own = document.activeElement;
  const marked = [own, own.closest('label'), own.querySelector(':scope > *')].filter((element) => element !== null);
  const outlined = marked.some((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  });
  const { top, bottom } = own.getBoundingClientRect();
  const stuck = own === globalThis.lastStop && own !== document.body;
  globalThis.lastStop = own;
  return { what: own.outerHTML.slice(0, 200), seen: { outlined, inView: bottom > 0 && top < innerHeight, stuck } };
})()`;

const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === element.ownerDocument.activeElement);

/**
 * Goes on with the Tab key until `target` has the focus; every stop on the way must be seen. More than `most` stops, or
 * one where Tab does not lead on, are a trap.
 */
export async function tabTo(page: Page, target: Locator, { most = 80, key = 'Tab' } = {}): Promise<void> {
  await test.step(`${key} to ${String(target)}`, async () => {
    await target.waitFor();
    let before = '';
    for (let stop = 0; stop < most; stop++) {
      await page.keyboard.press(key);
      const { what, seen } = (await page.evaluate(showsFocus)) as { what: string; seen: Record<string, boolean> };
      if (what.startsWith('<body')) continue; // past the last control, the browser's own come
      expect(seen, what).toEqual({ outlined: true, inView: true, stuck: false });
      if (await hasFocus(target)) return;
      before = what;
    }
    throw new Error(`${most} times ${key} did not lead to ${String(target)}; the last stop was ${before}`);
  });
}

/** Goes to a control and presses a key there. */
export async function pressAt(page: Page, target: Locator, ...keys: readonly string[]): Promise<void> {
  await tabTo(page, target);
  for (const key of keys) await page.keyboard.press(key);
}
