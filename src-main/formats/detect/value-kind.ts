import { countText } from '#core/base/count-text';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { ValueEvidence } from '../study-file.ts';
import type { RowSample } from '../text/row-source.ts';

/**
 * What a sample of rows says about the values of a matrix:
 *
 * - a negative value: `scaled`;
 * - whole numbers only: `binary` if none exceeds 1, else `counts`;
 * - otherwise, if Σ expm1(x) is the same for nine cells of ten (within 2 %): `log-normalised`;
 * - otherwise, if no value exceeds 30 (ln of 10¹³): `log-normalised`, as values after a logarithm look;
 * - otherwise `unknown`, for example normalised without a logarithm.
 *
 * A sample without values is `unknown`.
 */
export function detectValueKind({ matrix, wholeRows }: RowSample): ValueEvidence {
  const seen = summary(matrix);
  const of = `${countText(matrix.rows)} cells looked at${wholeRows ? '' : ', some of their features'}`;
  if (seen.nonZero === 0) return { kind: 'unknown', evidence: `all values are 0 (${of})` };
  if (seen.least < 0) {
    return { kind: 'scaled', evidence: `negative values down to ${short(seen.least)} (${of})` };
  }
  if (seen.fractions === 0) {
    if (seen.most === 1) return { kind: 'binary', evidence: `only 0 and 1 (${of})` };
    return { kind: 'counts', evidence: `whole numbers from 0 to ${short(seen.most)} (${of})` };
  }
  const range = `fractions, no negative values, maximum ${short(seen.most)}`;
  if (seen.most <= 30) {
    const total = wholeRows ? constantTotal(expm1Sums(matrix)) : null;
    if (total !== null) {
      return {
        kind: 'log-normalised',
        evidence: `${range}; undoing the logarithm, cells sum to ${short(total)} (${of})`,
      };
    }
    return { kind: 'log-normalised', evidence: `${range}, as after a logarithm; sums by cell differ (${of})` };
  }
  const total = wholeRows ? constantTotal(rowTotals(matrix)) : null;
  if (total !== null) {
    return {
      kind: 'unknown',
      evidence: `${range}; cells sum to ${short(total)}: normalised without a logarithm (${of})`,
    };
  }
  return { kind: 'unknown', evidence: `${range}: neither counts nor after a logarithm (${of})` };
}

interface Summary {
  readonly least: number;
  readonly most: number;
  readonly nonZero: number;
  /** Values that are not whole. */
  readonly fractions: number;
}

function summary({ values }: CsrMatrix): Summary {
  let [least, most, nonZero, fractions] = [0, 0, 0, 0];
  for (const value of values) {
    if (value === 0) continue;
    nonZero++;
    if (value < least) least = value;
    if (value > most) most = value;
    if (!Number.isInteger(value)) fractions++;
  }
  return { least, most, nonZero, fractions };
}

/** The median of the sums if nine of ten lie within 2 % of it, cells without values left out; else null. */
function constantTotal(sums: readonly number[]): number | null {
  const sorted = sums.filter((sum) => sum > 0).sort((a, b) => a - b);
  if (sorted.length < 3) return null;
  const median = sorted[sorted.length >> 1]!;
  const near = sorted.filter((sum) => Math.abs(sum / median - 1) < 0.02).length;
  return near >= 0.9 * sorted.length ? median : null;
}

function expm1Sums(matrix: CsrMatrix): number[] {
  return sumsOf(matrix, Math.expm1);
}

function rowTotals(matrix: CsrMatrix): number[] {
  return sumsOf(matrix, (value) => value);
}

function sumsOf({ rows, indptr, values }: CsrMatrix, of: (value: number) => number): number[] {
  return Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let p = indptr[row]!; p < indptr[row + 1]!; p++) sum += of(values[p]!);
    return sum;
  });
}

function short(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : Number(value.toPrecision(4)).toLocaleString('en');
}
