import { Random } from '#core/base/random';
import type { Column } from '#core/data/column';
import type { StudyInMemory } from '#core/data/study';
import { csrOf } from '#test/support/arbitrary-matrix';

/** A text column; null is missing. */
export function textColumn(values: readonly (string | null)[]): Column {
  return { kind: 'text', values };
}

export interface StudyParts extends Partial<Omit<StudyInMemory, 'cells' | 'features' | 'matrix'>> {
  readonly dense: readonly (readonly number[])[];
  readonly genes: readonly string[];
  /** Beside Ensembl ids; the ids themselves if left out. */
  readonly symbols?: readonly string[];
  readonly cellIds?: readonly string[];
  readonly columns?: Readonly<Record<string, Column>>;
  readonly idType?: StudyInMemory['features']['idType'];
}

/** A study written out by hand. */
export function studyOf(parts: StudyParts): StudyInMemory {
  const { dense, genes, symbols = genes, idType = 'symbol', columns = {}, ...rest } = parts;
  return {
    name: rest.name ?? 'study.h5ad',
    modality: rest.modality ?? 'rna',
    valueKind: rest.valueKind ?? 'counts',
    species: rest.species ?? 'human',
    cells: { ids: parts.cellIds ?? dense.map((_, i) => `cell${i}`), columns: new Map(Object.entries(columns)) },
    features: { ids: genes, names: symbols, idType, columns: new Map() },
    matrix: csrOf(dense, genes.length),
    embeddings: rest.embeddings ?? new Map(),
  };
}

export function geneNames(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => `GENE${i + from}`);
}

/** Counts of cells that fall into `types` groups, each with genes of its own; the same seed gives the same counts. */
export function typedCounts(cells: number, genes: number, types: number, seed: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: cells }, (_, cell) =>
    Array.from({ length: genes }, (_, gene) => {
      const high = gene % types === cell % types;
      return random.uniform() < (high ? 0.6 : 0.15) ? 1 + random.below(high ? 6 : 2) : 0;
    }),
  );
}

/** Labels that go with `typedCounts`. */
export function typedLabels(cells: number, types: number): string[] {
  return Array.from({ length: cells }, (_, cell) => `type ${'ABCDEFGH'[cell % types]!}`);
}
