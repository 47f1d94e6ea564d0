import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';

/** The appearances that a system can ask for; the page follows them by itself. */
const appearances = {
  light: { colorScheme: 'light', contrast: 'no-preference' },
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  'light, high contrast': { colorScheme: 'light', contrast: 'more' },
  'dark, high contrast': { colorScheme: 'dark', contrast: 'more' },
} as const;

/**
 * Fails with every serious or critical violation that axe finds on what is shown now, in every appearance. What does
 * not depend on colours is looked at once.
 */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  await test.step(`${screen}: accessible in every appearance`, async () => {
    const found: string[] = [];
    for (const [name, media] of Object.entries(appearances)) {
      await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
      await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
      const axe = new AxeBuilder({ page }).setLegacyMode(true);
      const { violations, passes } = await (name === 'light' ? axe : axe.withRules('color-contrast')).analyze();
      expect(passes.map((rule) => rule.id)).toContain('color-contrast'); // it has looked
      for (const { id, impact, help, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(
            `${name}: ${help} (${id})\n${nodes.map((node) => `${node.html}\n${node.failureSummary}`).join('\n')}`,
          );
    }
    expect.soft(found, screen).toEqual([]);
  });
}
