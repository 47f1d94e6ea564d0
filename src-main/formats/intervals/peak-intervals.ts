import { textAt } from '#core/data/column';
import type { FeatureTable } from '#core/data/study';
import type { Interval } from '#core/chromatin/interval-index';
import { parsePeakName } from './parse-peak-name.ts';

/** Where the peaks of a matrix lie. */
export interface PeakIntervals {
  /** [features] null where a feature names no interval. */
  readonly intervals: readonly (Interval | null)[];
  /** How many do. */
  readonly parsed: number;
  /** The first three that do not, as they are written. */
  readonly unparsed: readonly string[];
}

/** Columns in which files put the place of a peak that has a name of its own. */
const placeColumns = ['interval', 'peak', 'peaks', 'coordinates', 'region'];

/**
 * The intervals of the features of a peak matrix: by the id, else the name, else a column that holds the place
 * (`interval`, as Cell Ranger ARC writes it), else three columns (`chr`/`chrom`/`seqnames`, `start`, `end`).
 * Contigs keep the spelling of the file.
 */
export function peakIntervals(features: FeatureTable): PeakIntervals {
  const columns = new Map([...features.columns].map(([name, column]) => [name.toLowerCase(), column]));
  const places = placeColumns.flatMap((name) => columns.get(name) ?? []);
  const contig = ['chr', 'chrom', 'chromosome', 'seqnames', 'contig'].flatMap((name) => columns.get(name) ?? [])[0];
  const [start, end] = [columns.get('start'), columns.get('end')];
  const fromColumns = (i: number): Interval | null => {
    for (const column of places) {
      const text = textAt(column, i);
      const interval = text === null ? null : parsePeakName(text);
      if (interval !== null) return interval;
    }
    if (contig === undefined || start === undefined || end === undefined) return null;
    return parsePeakName(`${textAt(contig, i)}:${textAt(start, i)}-${textAt(end, i)}`);
  };
  const unparsed: string[] = [];
  let parsed = 0;
  const intervals = features.ids.map((id, i) => {
    const interval = parsePeakName(id) ?? parsePeakName(features.names[i]!) ?? fromColumns(i);
    if (interval !== null) parsed++;
    else if (unparsed.length < 3) unparsed.push(id);
    return interval;
  });
  return { intervals, parsed, unparsed };
}
