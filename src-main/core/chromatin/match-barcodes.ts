import { AppError } from '../base/app-error.ts';
import type { CellRows } from './cell-rows.ts';

/**
 * How barcodes of a list and of a fragment file are compared, strictest first. `exact`: as they are. `ending`: without a
 * trailing -1, -2, …. `nucleotides`: by their bases alone, without sample prefix (`pbmc#AAAC-1`, `pbmc_AAAC-1`) and
 * ending; several pieces of bases stay together (`ACGT_TTGA`).
 */
export type BarcodeStyle = 'exact' | 'ending' | 'nucleotides';

const forms: Readonly<Record<BarcodeStyle, (barcode: string) => string>> = {
  exact: (barcode) => barcode,
  ending: (barcode) => barcode.replace(/-\d+$/, ''),
  nucleotides: (barcode) =>
    /(?<![A-Za-z])[ACGTN]{6,}(?:[-_+.][ACGTN]{6,})*(?![A-Za-z])/.exec(barcode)?.[0] ?? forms.ending(barcode),
};
const styles = Object.keys(forms) as readonly BarcodeStyle[];

export interface BarcodeMatch {
  readonly style: BarcodeStyle;
  /** Listed cells that are among the barcodes. */
  readonly found: number;
  readonly listed: number;
}

/**
 * The way of comparing in which most listed cells are found among the barcodes, the strictest where several find as many.
 * A way in which two cells of the list, or two barcodes that are found, become the same is not taken.
 *
 * @param list names of the cells, without repeats
 * @param barcodes of the fragment file, all of them or some thousands
 * @param prefix of the sample, which the fragment file does not have before its barcodes (`pbmc#`); '' for none
 * @throws AppError `chromatin.barcodes-match-nothing`, `chromatin.barcodes-ambiguous` where cells are found only in ways
 *   that mix them up
 */
export function matchBarcodes(list: readonly string[], barcodes: readonly string[], prefix = ''): BarcodeMatch {
  let best: BarcodeMatch = { style: 'exact', found: 0, listed: list.length };
  let mixed: { barcode: string; others: readonly string[]; where: 'list' | 'fragments' } | undefined;
  for (const style of styles) {
    const form = forms[style];
    const listed = byForm(list, form);
    const there = byForm(barcodes, (barcode) => form(prefix + barcode));
    const shared = [...listed.keys()].filter((key) => there.has(key));
    const clash = shared.find((key) => listed.get(key)!.length > 1 || there.get(key)!.length > 1);
    if (clash !== undefined) {
      const where = listed.get(clash)!.length > 1 ? 'list' : 'fragments';
      mixed ??= { barcode: clash, others: (where === 'list' ? listed : there).get(clash)!.slice(0, 3), where };
    } else if (shared.length > best.found) best = { style, found: shared.length, listed: list.length };
  }
  if (best.found > 0) return best;
  if (mixed !== undefined) throw new AppError('chromatin.barcodes-ambiguous', mixed);
  throw new AppError('chromatin.barcodes-match-nothing', {
    listed: list.length,
    inList: list.slice(0, 2).join(', '),
    inFragments: barcodes.slice(0, 2).join(', '),
  });
}

/**
 * Rows for the cells of a list, in its order. Several fragment files can go to the same rows, each with its own prefix:
 * make one of these per file, with the whole list.
 */
export class ListedCells implements CellRows {
  readonly rows: number;
  readonly #form: (barcode: string) => string;
  readonly #prefix: string;
  readonly #rowOf: ReadonlyMap<string, number>;
  readonly #taken = new Map<number, string>();
  #table: readonly string[] | undefined;
  #known = 0;
  #rowsOf = new Int32Array(1024);

  /** @param list names of the cells @param style from `matchBarcodes` @param prefix as there */
  constructor(list: readonly string[], style: BarcodeStyle = 'exact', prefix = '') {
    this.rows = list.length;
    this.#form = forms[style];
    this.#prefix = prefix;
    this.#rowOf = new Map(list.map((name, row) => [this.#form(name), row]));
  }

  /** Rows that at least one barcode belongs to. */
  get found(): number {
    return this.#taken.size;
  }

  /** @throws AppError `chromatin.barcodes-ambiguous` when two barcodes of the file belong to one cell */
  of(barcodes: readonly string[]): Int32Array {
    if (this.#table !== barcodes) {
      this.#table = barcodes;
      this.#known = 0;
    }
    if (barcodes.length > this.#rowsOf.length) {
      const wider = new Int32Array(2 * barcodes.length);
      wider.set(this.#rowsOf);
      this.#rowsOf = wider;
    }
    for (; this.#known < barcodes.length; this.#known++) {
      this.#rowsOf[this.#known] = this.#rowOfBarcode(barcodes[this.#known]!);
    }
    return this.#rowsOf;
  }

  #rowOfBarcode(barcode: string): number {
    const key = this.#form(this.#prefix + barcode);
    const row = this.#rowOf.get(key);
    if (row === undefined) return -1;
    const other = this.#taken.get(row) ?? barcode;
    if (other !== barcode) {
      throw new AppError('chromatin.barcodes-ambiguous', {
        barcode: key,
        others: [other, barcode],
        where: 'fragments',
      });
    }
    this.#taken.set(row, barcode);
    return row;
  }
}

function byForm(names: readonly string[], form: (name: string) => string): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const name of names) {
    const key = form(name);
    const held = out.get(key);
    if (held === undefined) out.set(key, [name]);
    else if (!held.includes(name)) held.push(name);
  }
  return out;
}
