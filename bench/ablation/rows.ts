import { cdaScRows } from './rows-cda-sc.ts';
import { cellPredXRows } from './rows-cellpredx.ts';
import { kidaRows } from './rows-kida.ts';
import { semiLTRows } from './rows-semilt.ts';
import type { AblationRow } from './row.ts';

/** Every experiment of the suite, in the order of its table. */
export const allRows: readonly AblationRow[] = [...cellPredXRows, ...kidaRows, ...cdaScRows, ...semiLTRows];
