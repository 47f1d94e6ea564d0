import type { Column } from '#core/data/column';

/** Words that stand for "no value" in a column of text. */
const missingWords = new Set(['', 'NA', 'N/A', 'nan', 'NaN', 'None', 'null']);

/**
 * A column from texts as they stand in a file. Few different values give `categories` (in order of first
 * appearance), many give `text`. Empty fields and the usual words for a missing value are missing.
 */
export function textColumn(texts: readonly string[]): Column {
  const categories: string[] = [];
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(texts.length);
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    if (missingWords.has(text)) {
      codes[i] = -1;
      continue;
    }
    let code = codeOf.get(text);
    if (code === undefined) {
      code = categories.length;
      codeOf.set(text, code);
      categories.push(text);
    }
    codes[i] = code;
  }
  if (categories.length > 2 && categories.length * 2 > texts.length) {
    return { kind: 'text', values: texts.map((text) => (missingWords.has(text) ? null : text)) };
  }
  return { kind: 'categories', codes, categories, ordered: false };
}

/** A column of numbers if every text that is not missing is one (and there is one), else as `textColumn`. */
export function parsedColumn(texts: readonly string[]): Column {
  const values = new Float64Array(texts.length);
  let numbers = 0;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    if (missingWords.has(text)) {
      values[i] = NaN;
      continue;
    }
    values[i] = Number(text);
    if (Number.isNaN(values[i])) return textColumn(texts);
    numbers++;
  }
  return numbers === 0 ? textColumn(texts) : { kind: 'number', values };
}
