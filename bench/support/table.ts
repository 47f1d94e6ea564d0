import { availableParallelism, cpus, totalmem } from 'node:os';

/** A number, a text, or null for what was not measured. */
export type TableCell = number | string | null;

/** A table with aligned columns: numbers to the right, texts to the left, "–" for null. The first line names the columns. */
export function aligned(columns: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? readable(cell) : (cell ?? '–'))));
  const widths = columns.map((name, j) => Math.max(name.length, ...texts.map((row) => row[j]!.length)));
  const left = columns.map((_, j) => rows.length > 0 && rows.every((row) => typeof row[j] === 'string'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, j) => (left[j]! ? text.padEnd(widths[j]!) : text.padStart(widths[j]!)))
      .join('   ')
      .trimEnd();
  return [line(columns), ...texts.map(line)].join('\n');
}

/** Three digits that count, whole numbers in full: 0.00123, 1.23, 12.3, 123, 12345. */
export function readable(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value) || Math.abs(value) >= 100) return value.toFixed(0);
  const rounded = Number(value.toPrecision(3)); // 99.97 has become 100
  const before = Math.floor(Math.log10(Math.abs(rounded))) + 1;
  return rounded.toFixed(Math.min(8, Math.max(0, 3 - before)));
}

/** What every benchmark says of the computer: cores, processor, memory, system, Node. */
export function machine(): string {
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${availableParallelism()} cores, ${model}, ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.version}`;
}

/** The middle of some numbers; of an even count the higher of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Numbers of an environment variable, separated by spaces or commas. @throws RangeError for anything else */
export function numbersOf(variable: string, otherwise: readonly number[]): readonly number[] {
  const numbers = wordsOf(variable, otherwise.map(String)).map(Number);
  if (numbers.every((value) => value > 0)) return numbers;
  throw new RangeError(`${variable}=${process.env[variable]}: positive numbers, separated by spaces, are wanted`);
}

/** Words of an environment variable, separated by spaces or commas. */
export function wordsOf(variable: string, otherwise: readonly string[]): readonly string[] {
  const text = process.env[variable] ?? '';
  return text.trim() === '' ? otherwise : text.trim().split(/[\s,]+/);
}
