import type { CommandSpec } from './arguments.ts';

const json = { takes: 'flag', help: 'print JSON instead of text' } as const;

/** How fragments and peaks are counted and brought together. */
const chromatin = {
  annotation: {
    takes: 'value',
    placeholder: 'BUILD|FILE',
    help: 'genes for gene activity: hg38, hg19, mm10, mm9, mm39, or a GTF, GFF3 or BED file; guessed where absent',
  },
  'reference-annotation': { takes: 'value', placeholder: 'BUILD|FILE', help: 'the same for the reference alone' },
  'minimum-fragments': {
    takes: 'value',
    placeholder: 'N',
    help: 'barcodes with fewer fragments are no cells, without a list (default 100)',
  },
  'reference-peaks': {
    takes: 'value',
    placeholder: 'BED',
    help: 'peaks that fragments of the reference are counted in',
  },
  harmonise: {
    takes: 'value',
    placeholder: 'WAY',
    help: 'how two chromatin studies come to the same features: auto (default), same-peaks, recount, union, sum-overlapping, windows, gene-activity',
  },
  chain: {
    takes: 'value',
    placeholder: 'FILE',
    help: 'liftOver chain from the genome of the query to that of the reference',
  },
} as const satisfies CommandSpec['options'];

/** The commands and their options: what `--help` prints and what is accepted. */
export const commands = {
  annotate: {
    name: 'annotate',
    summary: 'Labels the cells of a query by those of a labelled reference.',
    positional: [],
    options: {
      reference: {
        takes: 'list',
        placeholder: 'FILE…',
        help: 'labelled study; several files are stacked',
        required: true,
        unless: 'model',
      },
      query: { takes: 'list', placeholder: 'FILE…', help: 'study to label; several files are stacked', required: true },
      label: {
        takes: 'value',
        placeholder: 'COLUMN',
        help: 'column of the reference that holds the labels',
        required: true,
        unless: 'model',
      },
      model: {
        takes: 'value',
        placeholder: 'FILE',
        help: 'label with the model.cpxmodel of an earlier run, without training: in place of --reference, --label and all that is about training',
      },
      out: {
        takes: 'value',
        placeholder: 'DIR',
        help: 'folder for the results; those of an earlier run are replaced',
        required: true,
      },
      scenario: {
        takes: 'value',
        placeholder: 'NAME',
        help: 'auto (default), rna-rna, rna-atac, rna-atac-matched, atac-atac',
      },
      method: { takes: 'value', placeholder: 'NAME', help: 'cellpredx (default); see `cellpredx methods`' },
      preset: { takes: 'value', placeholder: 'NAME', help: 'recommended (default), paper, reproduce' },
      tune: {
        takes: 'flag',
        help: 'try further settings first and take the best for this pair, without labels of the query',
      },
      'gene-sets': {
        takes: 'value',
        placeholder: 'GMT',
        help: 'gene sets for KIDA; Reactome of the species where absent',
      },
      truth: { takes: 'value', placeholder: 'COLUMN', help: 'column of the query with true labels, for scoring only' },
      'query-peaks': {
        takes: 'value',
        placeholder: 'FILE',
        help: "the query's own peaks (matrix, fragments or BED), for its neighbour graph; made from fragments where absent",
      },
      barcodes: {
        takes: 'value',
        placeholder: 'FILE',
        help: 'barcodes of the query that are cells (list or table), for fragments; told by their fragments where absent',
      },
      'reference-barcodes': { takes: 'value', placeholder: 'FILE', help: 'the same for the reference' },
      ...chromatin,
      'reference-labels': {
        takes: 'value',
        placeholder: 'CSV',
        help: 'table with further columns for the reference, joined by cell name',
      },
      'query-labels': { takes: 'value', placeholder: 'CSV', help: 'the same for the query' },
      'reference-matrix': {
        takes: 'value',
        placeholder: 'SLOT',
        help: 'matrix of the reference to read, e.g. raw/X or layers/counts',
      },
      'query-matrix': { takes: 'value', placeholder: 'SLOT', help: 'the same for the query' },
      'reference-repair': {
        takes: 'list',
        placeholder: 'REPAIR…',
        help: 'repairs that `cellpredx inspect` offers, e.g. map-ensembl-to-symbols',
      },
      'query-repair': { takes: 'list', placeholder: 'REPAIR…', help: 'the same for the query' },
      seed: { takes: 'value', placeholder: 'N', help: 'random seed (default 1234)' },
      engine: { takes: 'value', placeholder: 'NAME', help: 'auto (default), wasm, webgpu, cuda' },
      set: { takes: 'list', placeholder: 'NAME=VALUE…', help: 'settings of the method that differ from the preset' },
      threshold: {
        takes: 'value',
        placeholder: '0…1',
        help: 'cells of at most this confidence are Unknown (default 0.95; KIDA: 0.7; of a model, that of its run)',
      },
      project: { takes: 'value', placeholder: 'DIR', help: 'keep the run in this project as well (made if absent)' },
      'no-figures': { takes: 'flag', help: 'make no map of the cells and no figures; quicker' },
      json,
    },
    example: 'cellpredx annotate --reference pbmc4k.h5ad --query pbmc3k.h5ad --label cell_type --out labels',
  },
  inspect: {
    name: 'inspect',
    summary: 'Says what a file holds, what is wrong with it, and the repair.',
    positional: ['FILE'],
    options: {
      labels: { takes: 'value', placeholder: 'CSV', help: 'table with further columns, joined by cell name' },
      matrix: { takes: 'value', placeholder: 'SLOT', help: 'matrix to look at, e.g. raw/X' },
      repair: { takes: 'list', placeholder: 'REPAIR…', help: 'repairs to apply' },
      barcodes: { takes: 'value', placeholder: 'FILE', help: 'barcodes that are cells, for fragments' },
      annotation: chromatin.annotation,
      'minimum-fragments': chromatin['minimum-fragments'],
      out: {
        takes: 'value',
        placeholder: 'H5AD',
        help: 'write the repaired study as a new .h5ad file (never over another)',
      },
      json,
    },
    example: 'cellpredx inspect study.h5ad --repair map-ensembl-to-symbols --out study.symbols.h5ad',
  },
  'gene-activity': {
    name: 'gene-activity',
    summary: 'Counts gene activity from fragments or peaks.',
    positional: ['FILE'],
    options: {
      out: { takes: 'value', placeholder: 'H5AD', help: 'the new file (never over another)', required: true },
      barcodes: {
        takes: 'value',
        placeholder: 'FILE',
        help: 'barcodes that are cells (list or table); told by their fragments where absent',
      },
      annotation: chromatin.annotation,
      model: {
        takes: 'value',
        placeholder: 'NAME',
        help: 'body (default): gene body and 2 kb upstream; weighted: by distance, within 100 kb',
      },
      'minimum-fragments': chromatin['minimum-fragments'],
      labels: { takes: 'value', placeholder: 'CSV', help: 'table with further columns, joined by cell name' },
      matrix: { takes: 'value', placeholder: 'SLOT', help: 'matrix of peaks to read, e.g. raw/X' },
      repair: { takes: 'list', placeholder: 'REPAIR…', help: 'repairs to apply' },
      plot: { takes: 'value', placeholder: 'SVG', help: 'draw the fragments per barcode by which cells were told' },
      json,
    },
    example: 'cellpredx gene-activity fragments.tsv.gz --annotation hg38 --barcodes barcodes.tsv --out activity.h5ad',
  },
  harmonise: {
    name: 'harmonise',
    summary: 'Brings two studies of open chromatin to the same features.',
    positional: [],
    options: {
      reference: { takes: 'list', placeholder: 'FILE…', help: 'fragments or a matrix of peaks', required: true },
      query: { takes: 'list', placeholder: 'FILE…', help: 'the same', required: true },
      out: {
        takes: 'value',
        placeholder: 'DIR',
        help: 'folder for reference.h5ad and query.h5ad; without it only overlap and ways are shown',
      },
      way: { ...chromatin.harmonise, help: chromatin.harmonise.help.replace(/^how .* features: /, '') },
      chain: chromatin.chain,
      'reference-peaks': chromatin['reference-peaks'],
      'query-peaks': { takes: 'value', placeholder: 'BED', help: 'the same for the query' },
      'reference-barcodes': { takes: 'value', placeholder: 'FILE', help: 'cells of the reference, for fragments' },
      barcodes: { takes: 'value', placeholder: 'FILE', help: 'cells of the query, for fragments' },
      annotation: chromatin.annotation,
      'reference-annotation': chromatin['reference-annotation'],
      'minimum-fragments': chromatin['minimum-fragments'],
      'reference-labels': { takes: 'value', placeholder: 'CSV', help: 'further columns for the reference' },
      'query-labels': { takes: 'value', placeholder: 'CSV', help: 'the same for the query' },
      'reference-matrix': { takes: 'value', placeholder: 'SLOT', help: 'matrix of the reference to read' },
      'query-matrix': { takes: 'value', placeholder: 'SLOT', help: 'the same for the query' },
      'reference-repair': { takes: 'list', placeholder: 'REPAIR…', help: 'repairs to apply' },
      'query-repair': { takes: 'list', placeholder: 'REPAIR…', help: 'the same for the query' },
      json,
    },
    example: 'cellpredx harmonise --reference peaks.h5ad --query fragments.tsv.gz --barcodes cells.tsv --out same',
  },
  engines: {
    name: 'engines',
    summary: 'Says what can compute here, how fast, and what to install if something cannot.',
    positional: [],
    options: { json },
    example: 'cellpredx engines',
  },
  evaluate: {
    name: 'evaluate',
    summary: 'Compares predicted with true labels: all metrics.',
    positional: [],
    options: {
      labels: { takes: 'value', placeholder: 'CSV', help: 'labels.csv of a run', required: true },
      truth: { takes: 'value', placeholder: 'FILE', help: 'study or table with the true labels', required: true },
      column: { takes: 'value', placeholder: 'COLUMN', help: 'its column with the true labels', required: true },
      json,
    },
    example: 'cellpredx evaluate --labels labels/labels.csv --truth query.h5ad --column cell_type',
  },
  benchmark: {
    name: 'benchmark',
    summary: 'Compares methods on pairs of studies with known labels: tables, paired tests and figures.',
    positional: ['FILE'],
    options: {
      project: {
        takes: 'value',
        placeholder: 'DIR',
        help: 'every run is kept in this project (made if absent); those it has already are not repeated',
        required: true,
      },
      out: {
        takes: 'value',
        placeholder: 'DIR',
        help: 'folder for tables and figures (without it a folder in the project)',
      },
      json,
    },
    example: 'cellpredx benchmark bench/sample.yaml --project comparison.cpx',
  },
  methods: {
    name: 'methods',
    summary: 'Lists the methods with their settings, ranges and defaults per scenario.',
    positional: [],
    options: { json },
    example: 'cellpredx methods --json',
  },
  demo: {
    name: 'demo',
    summary: 'Annotates the sample study that ships with the application and prints how well it went.',
    positional: [],
    options: {
      out: { takes: 'value', placeholder: 'DIR', help: 'keep the results in this folder' },
      json,
    },
    example: 'cellpredx demo --out demo-results',
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof commands;
