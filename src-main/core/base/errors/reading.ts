import { countText } from '../count-text.ts';
import type { ErrorEntries } from './entry.ts';

interface InFile {
  readonly file: string;
}
/** `line` counts from 1. */
interface AtLine extends InFile {
  readonly line: number;
}

const rLines = [
  'Write a file that this program reads, in R:',
  '  # Seurat object (install.packages("Seurat"); BiocManager::install("zellkonverter")):',
  '  sce <- Seurat::as.SingleCellExperiment(readRDS("FILE.rds"))   # for an .rda: load("FILE.rda"), then use the object by its name',
  '  zellkonverter::writeH5AD(sce, "study.h5ad")',
  '  # SingleCellExperiment: zellkonverter::writeH5AD(readRDS("FILE.rds"), "study.h5ad")',
  '  # bare sparse matrix, genes x cells (BiocManager::install("DropletUtils")):',
  '  DropletUtils::write10xCounts("study.h5", readRDS("FILE.rds"), type = "HDF5")',
].join('\n');

/** What can be wrong with a file of the user's. */
export const readingErrors = {
  'reading.no-such-file': {
    says: (d: { path: string }) => `There is no file or folder at ${d.path}.`,
    remedy: 'Check the path, or choose the file again if it was moved.',
  },
  'reading.no-permission': {
    says: (d: { path: string }) => `The system does not allow ${d.path} to be read.`,
    remedy: 'Ask for read permission, or copy the file to a place of your own.',
  },

  'reading.not-a-regular-file': {
    says: (d: { path: string; found: string }) =>
      `${d.path} is ${d.found}, not a regular file; a study is read from several places at once, which needs one.`,
    remedy: 'Save what comes out of it as a file, and choose that.',
  },
  'reading.folder-for-file': {
    says: (d: { path: string }) => `${d.path} is a folder, and a file is wanted here.`,
    remedy: 'Choose the file that lies in it.',
  },

  // ── what the file is instead of a study ──────────────────────────────────────────────────────────────────────
  'reading.empty-file': {
    says: (d: InFile) => `${d.file} is empty (0 bytes).`,
    remedy: 'Download or copy the file again: an empty file is usually a transfer that was broken off.',
  },
  'reading.r-file': {
    says: (d: InFile & { found: string }) => `${d.file} is an R file (${d.found}); R objects are not read.`,
    remedy: rLines,
  },
  'reading.zarr': {
    says: (d: InFile & { found: string }) => `${d.file} is a zarr store (${d.found}); zarr is not read.`,
    remedy:
      'Write it as .h5ad in Python (a zipped store is unpacked first): import anndata; anndata.read_zarr("STORE.zarr").write_h5ad("study.h5ad")',
  },
  'reading.fragments': {
    says: (d: InFile) =>
      `${d.file} is a fragments file (chromosome, start, end, barcode), and a table of cells is wanted here.`,
    remedy: 'Choose the file that holds the cells and their columns.',
  },
  'reading.tabix-index': {
    says: (d: InFile) => `${d.file} is a tabix index; it holds positions in another file and no data.`,
    remedy: 'Choose the matrix of the study instead.',
  },
  'reading.bed': {
    says: (d: InFile) => `${d.file} is a list of genome intervals (BED), not a matrix of cells.`,
    remedy:
      'Choose the folder with matrix.mtx, barcodes.tsv and this list as peaks.bed; beside a fragments file, name it as the peaks to count in.',
  },
  'reading.gene-annotation': {
    says: (d: InFile) => `${d.file} is a gene annotation (GTF or GFF), not a matrix of cells.`,
    remedy: 'Choose the matrix of the study instead.',
  },
  'reading.alignments': {
    says: (d: InFile & { found: string }) => `${d.file} holds sequencing reads (${d.found}), not a matrix of cells.`,
    remedy: 'Count the reads first (for example with Cell Ranger or STARsolo) and open the matrix that this makes.',
  },
  'reading.image': {
    says: (d: InFile & { found: string }) => `${d.file} is a ${d.found} file, not a matrix of cells.`,
    remedy: 'Choose the matrix of the study instead.',
  },
  'reading.archive': {
    says: (d: InFile & { found: string }) => `${d.file} is a packed archive (${d.found}).`,
    remedy: 'Unpack it and choose the file or folder inside.',
  },
  'reading.spreadsheet': {
    says: (d: InFile) => `${d.file} is a spreadsheet (Excel or LibreOffice).`,
    remedy:
      'Export the sheet as CSV. Check that no gene name became a date (SEPT1, MARCH1), which spreadsheets do unasked.',
  },
  'reading.compressed-otherwise': {
    says: (d: InFile & { found: string }) => `${d.file} is compressed with ${d.found}; plain text and gzip are read.`,
    remedy: 'Unpack it, or compress it with gzip.',
  },
  'reading.web-page': {
    says: (d: InFile) => `${d.file} is a web page (HTML), probably a log-in or error page saved instead of the data.`,
    remedy: 'Download the file again from its page, logged in where needed.',
  },
  'reading.unknown-format': {
    says: (d: InFile & { start: string }) => `${d.file} is in no format this program knows; it starts with ${d.start}.`,
    remedy:
      'Choose an .h5ad, .h5mu, 10x .h5, .loom, .csv or .tsv file, or a folder with matrix.mtx, barcodes.tsv and features.tsv.',
  },
  'reading.part-of-folder': {
    says: (d: InFile & { part: string }) => `${d.file} is the list of ${d.part} of a matrix folder, not the matrix.`,
    remedy: 'Choose the folder, or the matrix.mtx in it.',
  },
  'reading.folder-without-matrix': {
    says: (d: { folder: string; found: string }) => `The folder ${d.folder} holds no matrix (it holds ${d.found}).`,
    remedy: 'Choose a folder with matrix.mtx(.gz), barcodes.tsv(.gz) and features.tsv(.gz), genes.tsv or peaks.bed.',
  },

  // ── text and gzip ────────────────────────────────────────────────────────────────────────────────────────────
  'reading.gzip-truncated': {
    says: (d: AtLine) => `${d.file} breaks off after line ${countText(d.line)}: the gzip data are not complete.`,
    remedy: 'Download or copy the file again and compare its size with the source.',
  },
  'reading.gzip-damaged': {
    says: (d: AtLine & { found: string }) => `${d.file} is damaged after line ${countText(d.line)}: ${d.found}.`,
    remedy: 'Download or copy the file again and compare its checksum with the source.',
  },
  'reading.text-encoding': {
    says: (d: InFile & { found: string }) => `${d.file} is written in ${d.found}; text files are read as UTF-8.`,
    remedy: 'Save the file as UTF-8.',
  },
  'reading.line-too-long': {
    says: (d: AtLine & { megabytes: number }) =>
      `${d.file}, line ${d.line} is longer than ${d.megabytes} MB; it is hardly a line of text.`,
    remedy: 'Check that the file is a text file and that its lines end with a line break.',
  },

  // ── matrix market ────────────────────────────────────────────────────────────────────────────────────────────
  'reading.mtx-header': {
    says: (d: AtLine & { found: string; expected: string }) =>
      `${d.file}, line ${d.line}: found ${d.found} where ${d.expected} belongs.`,
    remedy:
      'Write the matrix again as a Matrix Market coordinate file (in R: Matrix::writeMM, in Python: scipy.io.mmwrite).',
  },
  'reading.mtx-kind': {
    says: (d: InFile & { found: string }) =>
      `${d.file} is a Matrix Market file of the kind "${d.found}", which is not read.`,
    remedy: 'Write it as "matrix coordinate integer general" or "matrix coordinate real general".',
  },
  'reading.mtx-line': {
    says: (d: AtLine & { found: string; expected: string }) =>
      `${d.file}, line ${d.line}: found ${d.found} where ${d.expected} belongs.`,
    remedy: 'Write the matrix again, or look at that line in a text editor.',
  },
  'reading.mtx-out-of-range': {
    says: (d: AtLine & { what: 'row' | 'column'; index: string; size: number }) =>
      `${d.file}, line ${d.line}: ${d.what} ${d.index} of a matrix with ${d.size} ${d.what}s.`,
    remedy: 'Write the matrix again: the size in its header and its entries do not belong together.',
  },
  'reading.mtx-count': {
    says: (d: AtLine & { declared: number; found: number; more: boolean }) =>
      `${d.file} declares ${d.declared} entries and holds ${d.more ? 'more' : d.found}; it ends or overflows at line ${d.line}.`,
    remedy: 'Copy the file again: it was probably cut off or two files were joined.',
  },
  'reading.mtx-twice': {
    says: (d: InFile & { feature: string; cell: string; row: number; column: number }) =>
      `${d.file} has two entries for row ${d.row}, column ${d.column} (feature ${d.feature}, cell ${d.cell}).`,
    remedy: 'Write the matrix again with one entry per place.',
  },
  'reading.mtx-no-names': {
    says: (d: InFile & { missing: 'cells' | 'features'; looked: string }) =>
      `There is no list of ${d.missing} beside ${d.file} (looked for ${d.looked}).`,
    remedy: 'Put barcodes.tsv(.gz) and features.tsv(.gz), genes.tsv or peaks.bed into the same folder.',
  },
  'reading.mtx-sizes': {
    says: (
      d: InFile & {
        rows: number;
        columns: number;
        features: number;
        cells: number;
        featuresFile: string;
        cellsFile: string;
      },
    ) =>
      `${d.file} has ${d.rows} rows and ${d.columns} columns, but ${d.featuresFile} names ${d.features} features and ${d.cellsFile} ${d.cells} cells.`,
    remedy: 'Check that the three files belong to the same sample and were copied whole.',
  },
  'reading.mtx-several': {
    says: (d: { folder: string; found: string }) => `The folder ${d.folder} holds several matrices: ${d.found}.`,
    remedy: 'Choose one of these matrix files instead of the folder.',
  },
  'reading.names-line': {
    says: (d: AtLine & { found: string; expected: string }) =>
      `${d.file}, line ${d.line}: found ${d.found} where ${d.expected} belongs.`,
    remedy: 'Look at that line in a text editor, or write the list again.',
  },

  // ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────
  'reading.csv-no-rows': {
    says: (d: InFile) => `${d.file} has a header and no rows under it.`,
    remedy: 'Export the table again, with its rows.',
  },
  'reading.csv-one-column': {
    says: (d: InFile & { found: string }) =>
      `${d.file} has a single column (its first line is ${d.found}); a matrix needs a name and at least one number per line.`,
    remedy: 'Separate the columns by comma, tab or semicolon.',
  },
  'reading.csv-no-header': {
    says: (d: InFile & { found: string }) => `The first line of ${d.file} holds numbers (${d.found}, …) and no names.`,
    remedy: 'Export the table with the names of its columns in the first line.',
  },
  'reading.csv-no-numbers': {
    says: (d: InFile & { columns: string }) => `${d.file} has no column of numbers (columns: ${d.columns}).`,
    remedy: 'Choose the matrix. If this is a table of labels, give it as the labels file of a study.',
  },
  'reading.csv-ragged': {
    says: (d: AtLine & { found: number; expected: number }) =>
      `${d.file}, line ${d.line} has ${d.found} fields; the lines before it have ${d.expected}.`,
    remedy: 'Look at that line: a separator inside a name needs quotes, or the file was cut off.',
  },
  'reading.csv-quotes': {
    says: (d: AtLine & { found: string }) => `${d.file}, line ${d.line}: the quotes do not match (${d.found}).`,
    remedy: 'Write the table again with quotes doubled inside quoted fields, or without quotes.',
  },
  'reading.csv-decimal-comma': {
    says: (d: AtLine & { column: string; found: string }) =>
      `${d.file}, line ${d.line}, column ${d.column}: ${d.found} has a decimal comma.`,
    remedy: 'Export the table with decimal points.',
  },
  'reading.csv-not-a-number': {
    says: (d: AtLine & { column: string; found: string }) =>
      `${d.file}, line ${d.line}, column ${d.column}: found ${d.found} where a number belongs.`,
    remedy: 'Correct the value, or leave the column out of the table. Missing values are written as 0.',
  },
  'reading.csv-no-name': {
    says: (d: AtLine & { what: 'cell' | 'feature' | 'column' }) =>
      `${d.file}, line ${d.line}: the name of the ${d.what} is empty.`,
    remedy: 'Give every row and every column a name.',
  },
  'reading.text-not-finite': {
    says: (d: AtLine & { found: string }) => `${d.file}, line ${d.line}: ${d.found} is not a finite number.`,
    remedy: 'Replace the value, or export another matrix (for example the counts).',
  },

  // ── labels in a file of their own ────────────────────────────────────────────────────────────────────────────
  'reading.labels-no-columns': {
    says: (d: InFile) => `${d.file} has no column beside the cell names.`,
    remedy: 'Give a CSV or TSV whose first column is the cell name and whose further columns are labels.',
  },
  'reading.labels-duplicate-cell': {
    says: (d: InFile & { cell: string; lines: readonly [number, number] }) =>
      `${d.file} names the cell ${d.cell} twice, on lines ${d.lines[0]} and ${d.lines[1]}.`,
    remedy: 'Keep one line per cell.',
  },
  'reading.labels-match-nothing': {
    says: (d: InFile & { study: string; lines: number; inFile: string; inStudy: string }) =>
      `None of the ${d.lines} cells of ${d.file} is in ${d.study} (there: ${d.inFile}; in the study: ${d.inStudy}).`,
    remedy: 'Check that the cell names are written the same way, endings like -1 and sample prefixes included.',
  },

  // ── from a file to a study ───────────────────────────────────────────────────────────────────────────────────
  'reading.no-matrix': {
    says: (d: InFile & { format: string }) => `${d.file} (${d.format}) holds no matrix: no X, no raw, no layer.`,
    remedy: 'Choose the file that holds the expression or accessibility matrix.',
  },
  'reading.no-such-matrix': {
    says: (d: InFile & { asked: string; there: string }) =>
      `${d.file} holds no matrix "${d.asked}"; it holds ${d.there}.`,
    remedy: 'Choose one of the matrices it holds.',
  },
  'reading.duplicate-cells': {
    says: (d: InFile & { count: number; examples: string }) =>
      `${d.file} has ${d.count} cells whose name was already taken (${d.examples}).`,
    remedy: 'Use the repair make-cell-names-unique, which adds -1, -2, … to repeated names.',
  },
  'reading.duplicate-features': {
    says: (d: InFile & { count: number; examples: string }) =>
      `${d.file} has ${d.count} features whose name was already taken (${d.examples}).`,
    remedy: 'Use the repair make-feature-names-unique, which adds -1, -2, … to repeated names.',
  },
  'reading.empty-study': {
    says: (d: InFile & { cells: number; features: number }) =>
      `${d.file} holds ${d.cells} cells and ${d.features} features: nothing to work with.`,
    remedy: 'Choose a file with at least one cell and one feature.',
  },
  'reading.repair-leaves-nothing': {
    says: (d: InFile & { repair: string; cells: number }) =>
      `The repair ${d.repair} leaves none of the ${d.cells} cells of ${d.file}.`,
    remedy: 'Leave the repair out, or choose a lower limit.',
  },
  'reading.repair-does-not-fit': {
    says: (d: InFile & { repair: string; reason: string }) =>
      `The repair ${d.repair} cannot be applied to ${d.file}: ${d.reason}.`,
    remedy: 'Leave the repair out; `cellpredx inspect` lists the ones that fit.',
  },
  'reading.unknown-repair': {
    says: (d: { repair: string; known: string }) => `There is no repair "${d.repair}". The repairs are: ${d.known}.`,
    remedy: 'Write the repair as `cellpredx inspect` prints it.',
  },
} as const satisfies ErrorEntries;
