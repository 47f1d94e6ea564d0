import { stackRows } from '#core/data/collect-rows';
import { type CsrMatrix, takeRows } from '#core/data/csr-matrix';
import type { StoredRows } from '#core/data/sparse-rows';
import { openChoice, slotOf } from './choose-slot.ts';
import type { StudyChoice } from './inspect/repair.ts';
import { keptPieces } from './read-rows.ts';
import type { MatrixSlot, StudyFile } from './study-file.ts';

/** The rows of a user's file, read from it each time; the file is open only meanwhile. Going over all of them is quick, single rows are not. */
export function rowsOnFile(choice: StudyChoice, { cells, features, stored }: MatrixSlot): StoredRows {
  return {
    rows: cells,
    columns: features,
    stored: stored ?? cells * features,
    async take(which) {
      const rising = [...new Set(Array.from(which))].sort((a, b) => a - b);
      const place = new Map(rising.map((row, i) => [row, i]));
      const file = await openChoice(choice);
      try {
        const rows: CsrMatrix[] = [];
        for (const row of rising) rows.push(await file.readRows(slotOf(file, choice), row, row + 1));
        const found = stackRows(rows, features);
        return takeRows(
          found,
          Array.from(which, (row) => place.get(row)!),
        );
      } finally {
        file.close();
      }
    },
    async *blocks(signal) {
      const file: StudyFile = await openChoice(choice, { signal });
      try {
        let from = 0;
        for await (const matrix of keptPieces(file, slotOf(file, choice), null, { signal })) {
          yield { from, matrix };
          from += matrix.rows;
        }
      } finally {
        file.close();
      }
    },
  };
}
