import { AppError } from '#core/base/app-error';

/**
 * Tells fragments by the lines of a text; null for what speaks of no genome. Intervals and annotations are refused with what
 * they are. A file whose lines are mostly fragments but for one mistake (columns swapped, blanks or commas instead of tabs,
 * a negative position, a line of titles) is still one: its reader says what is wrong with which line.
 *
 * @param lines without comments, the first hundred
 */
export function genomeKind(lines: readonly string[], file: string): 'fragments' | null {
  const contigs = lines.map(contigOfFragment).filter((contig) => contig !== null);
  // numbered rows of a table are all different, chromosomes are not
  const numbered = contigs.every(isPosition) && new Set(contigs).size * 2 > contigs.length;
  if (contigs.length * 2 > lines.length && !numbered) return 'fragments';
  const rows = withoutTitle(lines.filter((line) => !/^(track|browser)\b/.test(line))).map((line) => line.split('\t'));
  if (rows.length === 0) return null;
  if (rows.every(isInterval)) {
    const width = rows[0]!.length;
    const names = rows.map((row) => row[3] ?? '');
    const barcodes = names.filter(isBarcode).length * 2 > names.length;
    const repeated = new Set(names).size < names.length;
    if ((width === 4 || width === 5) && (barcodes || repeated || /frag/i.test(file))) return 'fragments';
    // A table of counts by named rows has intervals only by chance: numbers all along and no chromosome in front.
    if (width === 3 || rows.every((row) => isContig(row[0]!))) throw new AppError('reading.bed', { file });
  }
  const annotated = rows.every(
    (row) => row.length === 9 && isPosition(row[3]) && isPosition(row[4]) && /^[+\-.?]$/.test(row[6]!),
  );
  if (annotated) throw new AppError('reading.gene-annotation', { file });
  return null;
}

/** The header that Cell Ranger writes above fragments. */
export function isFragmentHeader(text: string): boolean {
  return /^#\s*(pipeline_name|reference_path|primary_contig)=/m.test(text);
}

/**
 * The contig of a line that holds contig, two positions and a barcode, or the barcode first, whatever stands between them; null
 * for another line. Chromosomes that are mere numbers are told from counts by tabs and by positions that rise.
 */
function contigOfFragment(line: string): string | null {
  const tabs = line.includes('\t');
  const fields = line.trim().split(tabs ? '\t' : /[ ,;]+/);
  if (fields.length < 4 || fields.length > 6) return null;
  const [a, b, c, d] = fields as [string, string, string, string];
  const number = (field: string): boolean => /^-?\d+$/.test(field);
  if (isBarcode(a) && isNamedContig(b) && number(c) && number(d)) return b;
  if (!number(b) || !number(c) || !isBarcode(d)) return null;
  return isNamedContig(a) || (tabs && isContig(a) && Number(b) < Number(c)) ? a : null;
}

/** Without a first line of column titles above intervals on chromosomes. */
function withoutTitle(lines: readonly string[]): readonly string[] {
  const [title, ...others] = lines;
  if (title === undefined || others.length === 0 || /\d/.test(title)) return lines;
  const rows = others.map((line) => line.split('\t'));
  return rows.every((row) => isInterval(row) && isContig(row[0]!)) ? others : lines;
}

/** A contig that is a number alone (Ensembl's chromosomes) counts where the others look like a place, not like counts. */
function isInterval(row: readonly string[]): boolean {
  if (row.length < 3 || !isPosition(row[1]) || !isPosition(row[2])) return false;
  const [start, end] = [Number(row[1]), Number(row[2])];
  return !isPosition(row[0]) || (/^\d{1,2}$/.test(row[0]!) && start < end && end >= 1000);
}

function isPosition(field: string | undefined): boolean {
  return field !== undefined && /^\d+$/.test(field);
}

function isContig(field: string): boolean {
  return /^(chr|\d+$|[XYM]|MT$|GL|KI|NC_|scaffold)/i.test(field);
}

function isNamedContig(field: string): boolean {
  return /^(chr|GL|KI|NC_|scaffold)/i.test(field);
}

function isBarcode(field: string): boolean {
  return /[ACGTN]{8}/.test(field);
}
