import { countText } from '#core/base/count-text';
import type { ShareUsed } from '#core/chromatin/contig-runs';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { LineReport } from '../text/malformed-lines.ts';

/** Contigs with less than this share of what was counted are not worth a warning (unplaced scaffolds, mitochondria). */
const littleShare = 0.02;
/** Under this share of counts in genes or peaks, these hardly belong to the study: places anywhere hit them more often. */
const leastUsed = 0.02;

/**
 * What a person should know of counting: the share used, contigs without genes or peaks, cells without a fragment, bad lines.
 * @param perCell fragments of each cell; null where there were no fragments
 */
export function shareNotes(
  name: string,
  { share, columns }: { readonly share: ShareUsed; readonly columns: 'genes' | 'peaks' | 'windows' },
  report: LineReport | null,
  perCell: Float64Array | null = null,
): PreparationNote[] {
  const notes: PreparationNote[] = [];
  const note = (severity: PreparationNote['severity'], text: string): void => {
    notes.push({ step: 'counting', text, severity });
  };
  const where = columns === 'genes' ? 'in genes' : `in the ${columns}`;
  note(
    share.used < leastUsed * share.total ? 'warning' : 'info',
    `${percent(share.used, share.total)} of ${countText(share.total)} counts of ${name} lie ${where}.`,
  );
  const unknown = share.contigs.filter((contig) => !contig.known && contig.total > littleShare * share.total);
  if (unknown.length > 0) {
    const lost = unknown.reduce((sum, contig) => sum + contig.total, 0);
    const list = unknown
      .map(({ contig }) => contig)
      .slice(0, 4)
      .join(', ');
    note(
      'warning',
      `${percent(lost, share.total)} of the counts of ${name} lie on contigs where nothing is counted (${list}).`,
    );
  }
  const none = perCell?.filter((count) => count === 0).length ?? 0;
  if (none > 0) note('warning', `${none} of ${perCell!.length} listed cells have no fragment in ${name}.`);
  if (report !== null && report.malformed > 0) {
    const [first] = report.malformedLines;
    const example = first === undefined ? '' : `; line ${first.line}: ${first.reason}`;
    note(
      'warning',
      `${report.malformed} of ${report.lines} lines of ${name} are no fragment and were passed over${example}.`,
    );
  }
  return notes;
}

/** A share for a person: 61 %, 0.4 %. */
export function percent(part: number, all: number): string {
  const share = all === 0 ? 0 : (100 * part) / all;
  return `${Number(share.toPrecision(share >= 10 ? 2 : 1))} %`;
}
