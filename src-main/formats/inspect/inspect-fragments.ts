import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { genesToCount } from '#core/chromatin/gene-model';
import { matchBarcodes } from '#core/chromatin/match-barcodes';
import type { CellTable } from '#core/data/study';
import { type ChosenGenes, chosenGenes, type GenomeSigns } from '../chromatin/chosen-genes.ts';
import { type FragmentColumns, fragmentColumns, fragmentSlots, slotOfColumns } from '../chromatin/fragment-columns.ts';
import { readPeaks } from '../chromatin/read-peaks.ts';
import { listedCells } from '../chromatin/fragment-cells.ts';
import { type FragmentLook, lookAtFragments } from '../chromatin/look-at-fragments.ts';
import { speciesOf } from '../chromatin/read-fragments-study.ts';
import { isChromosome } from '../intervals/contig-names.ts';
import { joinLabels } from '../labels/join-labels.ts';
import { readLabelsFile } from '../labels/read-labels-file.ts';
import type { MatrixSlot } from '../study-file.ts';
import { fragmentFindings } from './fragment-findings.ts';
import { labelColumns } from './label-columns.ts';
import type { GenomeEvidence, LabelsFileReport, PreflightReport } from './preflight-report.ts';
import type { StudyChoice } from './repair.ts';

/** Memory of a (cell, feature) pair that is not 0, and how many of them an insertion makes, about. */
const [bytesPerPair, pairsPerInsertion] = [8, 0.7];

/**
 * Looks at the beginning of a fragments file: which barcodes and contigs there are, whether the list fits, which genome it
 * is, and what it would be counted into. Throws what `FragmentReading`, `readBarcodes`, `matchBarcodes` and `readPeaks` throw.
 */
export async function inspectFragments(choice: StudyChoice): Promise<PreflightReport> {
  const name = basename(choice.path);
  const columns = fragmentColumns(choice);
  const look = await lookAtFragments(choice.path);
  const { size } = await stat(choice.path);
  const listed = await listedCells(choice);
  const match = listed === null ? null : matchBarcodes(listed.ids, look.barcodes);
  const peaks = choice.chromatin?.peaks === undefined ? null : await readPeaks(choice.chromatin.peaks, undefined);
  const { cells, labelsFile } = await joined(listed ?? { ids: [], columns: new Map() }, choice, name);
  const signs = { name, places: look.places, headers: look.report.headers };
  const genome = await genomeOf(choice.chromatin?.annotation, signs);
  const genes = genome.chosen === null ? [] : genesToCount(genome.chosen.genes);
  const count = listed?.ids.length ?? look.barcodes.length;
  const features = featuresOf(columns, genes.length, peaks?.length ?? 0);
  const fragments = Math.round(look.report.read / Math.max(look.fraction, 1e-6));
  const build = genome.chosen?.build ?? null;
  const slots = slotsOf(choice, columns, count, { genes: genes.length, peaks: peaks?.length ?? 0 });
  return {
    path: choice.path,
    name,
    format: 'fragments',
    dialect: dialectOf(look),
    sizeBytes: size,
    slots,
    chosenSlot: slotOfColumns(columns),
    modality: columns.kind === 'gene-activity' ? 'gene-activity' : 'peaks',
    modalityEvidence: 'fragments are counted when the study is read',
    cells: count,
    features,
    sizeEstimated: listed === null,
    values: { kind: 'counts', evidence: `insertions are counted; about ${fragments.toLocaleString('en')} fragments` },
    species: {
      species: speciesOf(build),
      evidence: build === null ? 'the genome is not known' : `the genome is ${build}`,
    },
    idType: columns.kind === 'gene-activity' ? 'symbol' : 'coordinates',
    idEvidence: 'as they are counted',
    exampleFeatures: columns.kind === 'gene-activity' ? genes.slice(0, 5).map((gene) => gene.name) : [],
    genome: { ...styleOf(look.contigs), build, evidence: genome.evidence },
    labelColumns: labelColumns(cells, labelsFile?.columns ?? []),
    labelsFile,
    sample: { cells: 0, of: count },
    emptyCells: 0,
    duplicateCells: { count: 0, examples: [] },
    duplicateFeatures: { count: 0, examples: [] },
    nonFiniteValues: 0,
    skipped: [],
    estimatedMemoryBytes: Math.round(2 * fragments * pairsPerInsertion * bytesPerPair),
    findings: fragmentFindings({ name, choice, columns, look, listed, match, genome, peaks }),
  };
}

/** The genes that would be counted for, or why there are none. */
export interface InspectedGenome {
  readonly chosen: ChosenGenes | null;
  /** In words; of a guess, by what it was made. */
  readonly evidence: string;
}

async function genomeOf(annotation: string | undefined, signs: GenomeSigns): Promise<InspectedGenome> {
  try {
    const chosen = await chosenGenes(annotation, signs);
    return { chosen, evidence: chosen.why ?? `chosen: ${basename(annotation!)}` };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'reading.build-unknown') throw error;
    return { chosen: null, evidence: error.message };
  }
}

async function joined(
  cells: CellTable,
  choice: StudyChoice,
  study: string,
): Promise<{ cells: CellTable; labelsFile: LabelsFileReport | null }> {
  const path = choice.labelsFile;
  if (path === undefined) return { cells, labelsFile: null };
  const labels = await readLabelsFile(path);
  const columns = [...labels.columns.keys()];
  if (choice.chromatin?.barcodes === undefined) {
    // the labels file is the list
    return { cells, labelsFile: { path, columns, matched: cells.ids.length, unmatched: 0, cellsWithout: 0 } };
  }
  const { cells: whole, added, matched, unmatched, cellsWithout } = joinLabels(cells, labels, { path, study });
  return { cells: whole, labelsFile: { path, columns: added, matched, unmatched, cellsWithout } };
}

/** How many columns there will be; 0 for windows, which are known once they were counted. */
function featuresOf({ kind }: FragmentColumns, genes: number, peaks: number): number {
  return kind === 'gene-activity' ? genes : kind === 'peaks' ? peaks : 0;
}

function slotsOf(
  choice: StudyChoice,
  columns: FragmentColumns,
  cells: number,
  { genes, peaks }: { readonly genes: number; readonly peaks: number },
): MatrixSlot[] {
  const names = new Set<string>([...fragmentSlots.slice(0, 3), slotOfColumns(columns)]);
  if (choice.chromatin?.peaks !== undefined) names.add('peaks');
  return [...names].map((id) => ({
    id,
    modalityName: null,
    modality: id.endsWith('gene-activity') ? 'gene-activity' : 'peaks',
    cells,
    features: id.endsWith('gene-activity') ? genes : id === 'peaks' ? peaks : 0,
    storage: 'coordinates',
    stored: null,
  }));
}

function dialectOf({ report }: FragmentLook): string {
  const packing = { none: 'not compressed', gzip: 'gzip', bgzip: 'bgzip' }[report.packing];
  const [first] = report.headers;
  return first === undefined ? packing : `${packing}, ${report.headers.length} header lines`;
}

function styleOf(contigs: readonly string[]): Pick<GenomeEvidence, 'style'> {
  const chromosomes = contigs.filter(isChromosome);
  const chr = chromosomes.filter((contig) => /^chr/i.test(contig)).length;
  if (chromosomes.length === 0) return { style: 'none' };
  return { style: chr === chromosomes.length ? 'chr' : chr === 0 ? 'plain' : 'mixed' };
}
