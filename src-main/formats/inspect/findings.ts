import { countText } from '#core/base/count-text';
import { totalmem } from 'node:os';
import type { FeatureTable } from '#core/data/study';
import { hasSymbolsBeside } from '../genes/map-to-symbols.ts';
import type { MatrixSlot } from '../study-file.ts';
import { labelFindings } from './label-findings.ts';
import { betterMatrix, type OtherMatrix } from './other-matrices.ts';
import type { Finding, PreflightReport } from './preflight-report.ts';
import type { Repair, RepairKind } from './repair.ts';

/** What the findings are drawn from, besides the report itself. */
export interface FindingSources {
  readonly report: Omit<PreflightReport, 'findings'>;
  readonly chosen: MatrixSlot;
  readonly features: FeatureTable;
  readonly others: readonly OtherMatrix[];
  readonly repairs: readonly Repair[];
  /** What the sampled matrix could not be read for, if so. */
  readonly notFinite: string | null;
  /** How well names speak for the orientation; null if cells and features look as they should. */
  readonly orientation: { readonly text: string; readonly severity: 'problem' | 'warning' } | null;
  /** Ids that the shipped tables know; for Ensembl ids without symbols beside them. */
  readonly knownIds: number;
  /** Sampled cells whose counts sum to less than 200. */
  readonly lowCells: number;
  /** Whether the sampled cells were seen with all their features. */
  readonly wholeRows: boolean;
}

/** The findings of a report: problems first, then warnings, then what is good to know. */
export function findingsOf(sources: FindingSources): Finding[] {
  const found = [
    ...nameFindings(sources),
    ...valueFindings(sources),
    ...featureFindings(sources),
    ...cellFindings(sources),
    ...labelFindings(sources.report, sources.repairs),
    ...fileFindings(sources),
  ];
  const order = ['problem', 'warning', 'info'];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function* nameFindings({ report, orientation }: FindingSources): Generator<Finding> {
  const { duplicateCells, duplicateFeatures } = report;
  if (orientation !== null) {
    yield {
      severity: orientation.severity,
      code: 'names.orientation',
      text: orientation.text,
      repair: { kind: 'transpose' },
    };
  }
  if (duplicateCells.count > 0) {
    yield {
      severity: 'problem',
      code: 'names.duplicate-cells',
      text: `${count(duplicateCells.count, 'cell')} ${duplicateCells.count === 1 ? 'bears' : 'bear'} a name that another cell has (${duplicateCells.examples.join(', ')}).`,
      repair: { kind: 'make-cell-names-unique' },
    };
  }
  if (duplicateFeatures.count > 0) {
    yield {
      severity: 'problem',
      code: 'names.duplicate-features',
      text: `${count(duplicateFeatures.count, 'feature')} ${duplicateFeatures.count === 1 ? 'bears' : 'bear'} a name that another feature has (${duplicateFeatures.examples.join(', ')}).`,
      repair: { kind: 'make-feature-names-unique' },
    };
  }
}

function* valueFindings({ report, chosen, others, notFinite }: FindingSources): Generator<Finding> {
  const { kind, evidence } = report.values;
  const better = betterMatrix(notFinite === null ? kind : 'unknown', others);
  const repair: { repair?: Repair } =
    better === undefined ? {} : { repair: { kind: 'use-matrix', slot: better.slot.id } };
  const offer =
    better === undefined
      ? ''
      : ` The matrix ${better.slot.id} holds ${valueWords[better.values.kind]}: ${better.values.evidence}.`;
  if (notFinite !== null) {
    yield { severity: 'problem', code: 'values.not-finite', text: `${notFinite}${offer}`, ...repair };
  } else if (kind === 'scaled') {
    yield {
      severity: 'warning',
      code: 'values.scaled',
      text: `The matrix ${chosen.id} is scaled: ${evidence}. Methods expect counts or log-normalised values.${offer}`,
      ...repair,
    };
  } else if (kind === 'unknown') {
    yield {
      severity: 'warning',
      code: 'values.unknown',
      text: `The values of ${chosen.id} are of no known kind: ${evidence}.${offer}`,
      ...repair,
    };
  } else if (better !== undefined) {
    yield {
      severity: 'info',
      code: 'values.counts-elsewhere',
      text: `The matrix ${chosen.id} is ${kind}.${offer}`,
      ...repair,
    };
  }
  for (const slot of report.slots) {
    if (slot.modalityName === chosen.modalityName || slot.id.includes('/raw/') || slot.id.includes('/layers/'))
      continue;
    yield {
      severity: 'info',
      code: 'modality.another',
      text: `The file also holds ${slot.modalityName ?? slot.id}: ${count(slot.cells, 'cell')} × ${count(slot.features, 'feature')}.`,
      repair: { kind: 'use-matrix', slot: slot.id },
    };
  }
}

function* featureFindings({ report, features, knownIds }: FindingSources): Generator<Finding> {
  if (report.idType === 'ensembl') {
    const beside = hasSymbolsBeside(features);
    yield {
      severity: beside || knownIds === 0 ? 'info' : 'warning',
      code: 'features.ensembl',
      text: beside
        ? 'Features are named by Ensembl ids, with symbols beside them. Map them if the other study uses symbols.'
        : `Features are named by Ensembl ids; the shipped table knows a symbol for ${countText(knownIds)} of ${countText(features.ids.length)}. Map them if the other study uses symbols.`,
      ...(beside || knownIds > 0 ? { repair: { kind: 'map-ensembl-to-symbols' } as const } : {}),
    };
  }
  if (report.idType === 'other') {
    yield {
      severity: 'warning',
      code: 'features.unknown-names',
      text: `Features have names of no known form: ${report.idEvidence}.`,
    };
  }
  if (report.genome.style === 'plain' || report.genome.style === 'mixed') {
    yield {
      severity: 'warning',
      code: 'genome.no-chr',
      text: `${sentence(report.genome.evidence)} Most peak sets and gene tables write chr1.`,
      repair: { kind: 'add-chr' },
    };
  }
  if (report.species.species === 'unknown' && report.idType !== 'coordinates') {
    yield {
      severity: 'info',
      code: 'species.unknown',
      text: `The species cannot be told: ${report.species.evidence}.`,
    };
  }
}

function* cellFindings({ report, repairs, lowCells }: FindingSources): Generator<Finding> {
  const chosen = (kind: RepairKind): boolean => repairs.some((repair) => repair.kind === kind);
  const { sample } = report;
  if (report.emptyCells > 0 && !chosen('drop-empty-cells') && !chosen('drop-cells-below')) {
    yield {
      severity: 'warning',
      code: 'cells.empty',
      text: `${countText(report.emptyCells)} of the ${count(sample.cells, 'cell')} looked at hold nothing.`,
      repair: { kind: 'drop-empty-cells' },
    };
  }
  if (
    lowCells * 2 > sample.cells &&
    report.modality === 'rna' &&
    report.features > 2000 &&
    !chosen('drop-cells-below')
  ) {
    yield {
      severity: 'warning',
      code: 'cells.unfiltered',
      text: `${countText(lowCells)} of the ${count(sample.cells, 'cell')} looked at have fewer than 200 counts: this looks like an unfiltered (raw) matrix, most of whose barcodes are empty droplets.`,
      repair: { kind: 'drop-cells-below', counts: 200 },
    };
  }
}

function* fileFindings({ report, wholeRows }: FindingSources): Generator<Finding> {
  for (const { place, reason } of report.skipped) {
    yield { severity: 'warning', code: 'part.skipped', text: `${place} was left out: ${reason}` };
  }
  if (report.sizeEstimated) {
    yield {
      severity: 'info',
      code: 'size.estimated',
      text: 'Only the beginning of the table was looked at, and its size is extrapolated from that.',
    };
  }
  if (!wholeRows) {
    yield {
      severity: 'info',
      code: 'sample.some-features',
      text: 'The matrix is large and stored by features: its kind of values is told from some of them, and empty or shallow cells were not looked for.',
    };
  }
  if (report.estimatedMemoryBytes > 0.5 * totalmem()) {
    yield {
      severity: 'warning',
      code: 'memory.large',
      text: `Read into memory the study takes about ${gigabytes(report.estimatedMemoryBytes)} of the ${gigabytes(totalmem())} of this computer.`,
    };
  }
}

const valueWords = {
  counts: 'counts',
  'log-normalised': 'log-normalised values',
  scaled: 'scaled values',
  binary: 'zeros and ones',
  unknown: 'values of no known kind',
} as const;

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
