import { harmoniseWays } from '#core/data/harmonise-way';

/** What the options of numbers and names take, in words. */
export const allowed: Readonly<Record<string, string>> = {
  seed: 'a whole number from 0 to 2147483647',
  threshold: 'a number from 0 to 1',
  label: 'the name of a column',
  harmonise: ['auto', ...harmoniseWays].join(', '),
};

/** The number that a text spells; NaN, which no option takes, for an empty one. */
export function numberFrom(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

/** What `read` makes of an option that was given. */
export function optional<T>(value: string | undefined, read: (text: string) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}
