import type { Random } from '../base/random.ts';
import type { Column } from '../data/column.ts';
import type { CsrMatrix } from '../data/csr-matrix.ts';
import type { StudyInMemory } from '../data/study.ts';
import { drawNegativeBinomial } from './draw-counts.ts';
import { simulatedLabels } from './label-programmes.ts';

/** What one simulated study is made of. */
export interface StudyDesign {
  readonly name: string;
  readonly modality: 'rna' | 'gene-activity' | 'peaks';
  readonly cellPrefix: string;
  readonly features: readonly string[];
  /** Cell column that holds the label; null for none. */
  readonly labelColumn: string | null;
  /** [cells] place in `simulatedLabels`. */
  readonly labels: Int32Array;
  /** [cells] factor on every mean. */
  readonly depth: Float64Array;
  readonly dispersion: number;
  /** [features] log of the mean count at depth 1 in cells of this label. */
  readonly logMean: (label: number) => Float64Array;
  /** What single cells add to it. */
  readonly activity?: SetActivity;
}

/** Sets of features that go up and down together from cell to cell. */
export interface SetActivity {
  /** [sets] places of the features of each set */
  readonly sets: readonly Int32Array[];
  /** [cells, sets] added to the log means of the set's features */
  readonly values: Float64Array;
}

/** A study of counts drawn from the design; cells in the order of `labels`. */
export function simulatedStudy(random: Random, design: StudyDesign): StudyInMemory {
  const means = simulatedLabels.map((_, label) => design.logMean(label).map(Math.exp));
  const digits = String(design.labels.length).length;
  return {
    name: design.name,
    modality: design.modality,
    valueKind: 'counts',
    species: 'unknown',
    cells: {
      ids: Array.from(design.labels, (_, cell) => `${design.cellPrefix}-${String(cell + 1).padStart(digits, '0')}`),
      columns: new Map(design.labelColumn === null ? [] : [[design.labelColumn, labelColumn(design.labels)]]),
    },
    features: {
      ids: design.features,
      names: design.features,
      idType: design.modality === 'peaks' ? 'coordinates' : 'symbol',
      columns: new Map([['feature_types', featureTypes(design)]]),
    },
    matrix: drawMatrix(random, design, means),
    embeddings: new Map(),
  };
}

/** Normal numbers, one after the other. */
export function normals(random: Random, count: number, mean: number, deviation: number): Float64Array {
  return Float64Array.from({ length: count }, () => mean + deviation * random.normal());
}

/** What Cell Ranger and its readers call the features, so that a file says what it holds. */
function featureTypes({ modality, features }: StudyDesign): Column {
  const type = { rna: 'Gene Expression', 'gene-activity': 'Gene Activity', peaks: 'Peaks' }[modality];
  return { kind: 'categories', codes: new Int32Array(features.length), categories: [type], ordered: false };
}

/** Only labels that occur become categories, in code-point order. */
function labelColumn(labels: Int32Array): Column {
  const occurring = [...new Set(labels)].sort((a, b) => a - b);
  const code = new Map(occurring.map((label, place) => [label, place]));
  return {
    kind: 'categories',
    codes: labels.map((label) => code.get(label)!),
    categories: occurring.map((label) => simulatedLabels[label]!.name),
    ordered: false,
  };
}

function drawMatrix(random: Random, design: StudyDesign, means: readonly Float64Array[]): CsrMatrix {
  const columns = design.features.length;
  const indptr = new Float64Array(design.labels.length + 1);
  const indices: number[] = [];
  const values: number[] = [];
  design.labels.forEach((label, cell) => {
    const mean = design.activity === undefined ? means[label]! : moved(means[label]!, design.activity, cell);
    for (let feature = 0; feature < columns; feature++) {
      const count = drawNegativeBinomial(random, design.depth[cell]! * mean[feature]!, design.dispersion);
      if (count === 0) continue;
      indices.push(feature);
      values.push(count);
    }
    indptr[cell + 1] = indices.length;
  });
  return {
    rows: design.labels.length,
    columns,
    indptr,
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  };
}

/** The means of one cell: those of its label times the exponential of the activity of every set a feature is in. */
function moved(mean: Float64Array, { sets, values }: SetActivity, cell: number): Float64Array {
  const logs = new Float64Array(mean.length);
  sets.forEach((features, set) => {
    for (const feature of features) logs[feature]! += values[cell * sets.length + set]!;
  });
  return mean.map((value, feature) => value * Math.exp(logs[feature]!));
}
