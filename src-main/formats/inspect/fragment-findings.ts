import { countText } from '#core/base/count-text';
import { basename } from 'node:path';
import { compareContigs, contigKey } from '#core/chromatin/contigs';
import type { Interval } from '#core/chromatin/interval-index';
import type { BarcodeMatch } from '#core/chromatin/match-barcodes';
import type { CellTable } from '#core/data/study';
import { shortList } from '../detect/folder.ts';
import type { FragmentColumns } from '../chromatin/fragment-columns.ts';
import type { FragmentLook } from '../chromatin/look-at-fragments.ts';
import type { InspectedGenome } from './inspect-fragments.ts';
import type { Finding } from './preflight-report.ts';
import type { StudyChoice } from './repair.ts';

export interface FragmentSigns {
  readonly name: string;
  readonly choice: StudyChoice;
  readonly columns: FragmentColumns;
  readonly look: FragmentLook;
  /** The cells that the person names; null where there is no list. */
  readonly listed: CellTable | null;
  readonly match: BarcodeMatch | null;
  readonly genome: InspectedGenome;
  /** The peaks that were named for counting; null for none. */
  readonly peaks: readonly Interval[] | null;
}

/** What a person should know of a fragments file before it is counted: problems first. */
export function fragmentFindings(signs: FragmentSigns): Finding[] {
  const found = [...genomeFindings(signs), ...peakFindings(signs), ...cellFindings(signs), ...lineFindings(signs)];
  const order = ['problem', 'warning', 'info'];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function* genomeFindings({ columns, genome }: FragmentSigns): Generator<Finding> {
  if (genome.chosen === null) {
    yield {
      severity: columns.kind === 'gene-activity' ? 'problem' : 'info',
      code: 'genome.unknown',
      text: `${genome.evidence} Name the build or give the GTF of the genome, so that genes can be counted.`,
    };
    return;
  }
  const doubt = genome.chosen.notes.find((note) => note.severity === 'warning');
  if (doubt !== undefined) yield { severity: 'warning', code: 'genome.guessed', text: doubt.text };
}

/** Peaks on contigs that the file does not have. */
function* peakFindings({ name, choice, look, peaks }: FragmentSigns): Generator<Finding> {
  if (peaks === null) return;
  const file = basename(choice.chromatin!.peaks!);
  const known = new Set(look.contigs.map(contigKey));
  const others = peaks.filter(({ contig }) => !known.has(contigKey(contig)));
  if (others.length === 0) {
    yield { severity: 'info', code: 'peaks.read', text: `${countText(peaks.length)} peaks in ${file}.` };
    return;
  }
  const seen = look.complete ? name : `the beginning of ${name}`;
  yield {
    severity: others.length === peaks.length && look.complete ? 'problem' : look.complete ? 'warning' : 'info',
    code: 'peaks.other-contigs',
    text: `${countText(others.length)} of the ${countText(peaks.length)} peaks in ${file} (${contigList(peaks)}) lie on contigs that ${seen} does not have: ${contigList(others)}. It has ${contigList(look.contigs.map((contig) => ({ contig })))}.`,
  };
}

function contigList(places: readonly { readonly contig: string }[]): string {
  return shortList([...new Set(places.map(({ contig }) => contig))].sort(compareContigs));
}

function* cellFindings({ choice, look, listed, match }: FragmentSigns): Generator<Finding> {
  const all = look.complete ? '' : ' at the beginning';
  if (listed === null || match === null) {
    const least = choice.chromatin?.minimumFragments ?? 100;
    yield {
      severity: 'info',
      code: 'cells.not-listed',
      text: `No list of cells: of the ${countText(look.barcodes.length)}${all} barcodes those with enough fragments (at least ${countText(least)}) will be taken for cells. Give the list of barcodes if you have one.`,
    };
    return;
  }
  const missing = match.listed - match.found;
  if (missing === 0) return;
  yield {
    severity: look.complete && missing * 10 > match.listed ? 'warning' : 'info',
    code: 'cells.listed-missing',
    text: `${countText(missing)} of the ${countText(match.listed)} listed cells are not among the barcodes${all} of the file.`,
  };
}

function* lineFindings({ name, look }: FragmentSigns): Generator<Finding> {
  const { malformed, malformedLines, lines, packing, endMissing } = look.report;
  if (malformed > 0) {
    const [first] = malformedLines;
    const example = first === undefined ? '' : ` Line ${first.line}: ${first.reason}.`;
    yield {
      severity: 'warning',
      code: 'fragments.malformed',
      text: `${countText(malformed)} of ${countText(lines)} lines are no fragment and will be passed over.${example}`,
    };
  }
  if (packing === 'bgzip' && look.complete && endMissing) {
    yield {
      severity: 'warning',
      code: 'fragments.end-missing',
      text: `${name} lacks the block that ends a whole bgzip file: its end may not have been copied.`,
    };
  }
}
