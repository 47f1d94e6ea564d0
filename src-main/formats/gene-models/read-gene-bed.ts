import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { AppError } from '#core/base/app-error';
import type { GeneModel } from '#core/chromatin/gene-activity';

/**
 * Genes of a BED file of five columns (contig, start, end, symbol, strand) or six (with a score before the strand), gzip or plain.
 * Throws `reading.malformed-gene` naming file and line at the first line that is no gene.
 */
export function readGeneBed(path: string): GeneModel[] {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  const genes: GeneModel[] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    if (line === '' || /^(#|track|browser)/.test(line)) return;
    const fields = line.split('\t');
    const [contig = '', start, end, name = ''] = fields;
    const strand = fields.length >= 6 ? fields[5] : fields[4];
    const gene = { contig, start: Number(start), end: Number(end), name };
    if (
      name === '' ||
      !Number.isInteger(gene.start) ||
      !(gene.end > gene.start) ||
      (strand !== '+' && strand !== '-')
    ) {
      throw new AppError('reading.malformed-gene', { path, line: i + 1, text: line.slice(0, 80) });
    }
    genes.push({ ...gene, strand });
  });
  return genes;
}
