import { countText } from '../base/count-text.ts';

export { countText };

/**
 * Numbers as a reader wants them: thousands set off, units after a space, percentages with their denominator.
 * Written the same in every locale, so that a figure does not depend on the computer that drew it.
 */
const space = '\u00a0'; // does not break

/** "1 cell", "1,204 cells". */
export function cellsText(cells: number): string {
  return `${countText(cells)}${space}${cells === 1 ? 'cell' : 'cells'}`;
}

/** A share as a percentage, with as many decimals as tell it from 0 and from 100 %: "24.0 %", "<0.1 %", "0 %". */
export function percentText(fraction: number, decimals: 0 | 1 = 1): string {
  const least = 10 ** -decimals;
  const percent = 100 * fraction;
  if (percent > 0 && percent < least) return `<${least}${space}%`;
  if (percent < 100 && percent > 100 - least) return `>${100 - least}${space}%`;
  return `${percent === 0 || percent === 100 ? String(percent) : percent.toFixed(decimals)}${space}%`;
}

/** A number with three significant digits and no needless zeros: "0.0123", "12.3", "1,230". */
export function numberText(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size >= 1000 && size < 1e6) return sign + countText(size);
  if (size >= 1e6 || size < 1e-3) return sign + size.toExponential(1).replace('e+', 'e').replace('e-', 'e−');
  return sign + String(Number(size.toPrecision(3)));
}
