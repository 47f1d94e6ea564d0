/**
 * A change made while reading, never in the user's file. The pre-flight report offers it, a person chooses it.
 * The same union is the `Repair` of the process contract, where it is checked at run time.
 */
export type Repair =
  /** Read this matrix instead of the first one. */
  | { readonly kind: 'use-matrix'; readonly slot: string }
  | { readonly kind: 'make-cell-names-unique' }
  | { readonly kind: 'make-feature-names-unique' }
  /** Ensembl ids become symbols, by a column of the file where one is named or found, else by the shipped table. */
  | { readonly kind: 'map-ensembl-to-symbols'; readonly column?: string | undefined }
  | { readonly kind: 'drop-empty-cells' }
  /** Cells whose values sum to less than `counts` are left out. */
  | { readonly kind: 'drop-cells-below'; readonly counts: number }
  | { readonly kind: 'add-chr' }
  | { readonly kind: 'transpose' }
  /** Cells without a label, or with one of these labels, are left out. */
  | { readonly kind: 'drop-labels'; readonly labels: readonly string[] }
  /** Labels get other names; those that come to the same name become one. Cells are left out by the names in the file. */
  | {
      readonly kind: 'rename-labels';
      readonly names: readonly { readonly from: string; readonly to: string }[];
    };

export type RepairKind = Repair['kind'];

/** One file or folder of the user's and how to read it. */
export interface StudyChoice {
  readonly path: string;
  readonly repairs: readonly Repair[];
  /** A CSV or TSV with a cell name and further columns, joined to the cells by name. */
  readonly labelsFile?: string | undefined;
  /** For fragments and peaks. */
  readonly chromatin?: ChromatinChoice | undefined;
}

/** How fragments and peaks are counted. */
export interface ChromatinChoice {
  /** Barcodes that are cells: a list, or a table with them in its first column. Without it they are told by their fragments. */
  readonly barcodes?: string | undefined;
  /** The genes: a build (hg38, GRCm38, …) or a GTF, GFF3 or BED file. Without it the build is guessed. */
  readonly annotation?: string | undefined;
  /** Barcodes with fewer fragments are never cells, where there is no list. Default 100. */
  readonly minimumFragments?: number | undefined;
  /** A BED file with the peaks to count fragments in. */
  readonly peaks?: string | undefined;
}
