import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { withoutVersion } from '../detect/id-type.ts';
import { fieldsOf, type GenomeLinesOptions, type LineOutcome, readGenomeLines } from '../intervals/genome-lines.ts';
import { intervalOfFields } from '../intervals/interval-of-fields.ts';
import { contigTable } from '../intervals/contig-names.ts';
import { ownText, ownTexts } from '../text/own-text.ts';
import type { AnnotatedGene, GeneModels } from './gene-models.ts';

/**
 * Reads the genes of a BED file, gzip or not: contig, start, end, symbol and strand, or with a score before the strand
 * and, behind it, perhaps the id of the gene. All genes are taken; a BED file does not tell their kinds.
 *
 * Throws `reading.malformed-genes` if more than 5 % of the lines are malformed, `reading.no-genes`, and what
 * `readGenomeLines` throws.
 */
export async function readGeneBed(path: string, options: GenomeLinesOptions = {}): Promise<GeneModels> {
  const genes: AnnotatedGene[] = [];
  const table = await contigTable();
  const repeated = ownTexts();
  const take = (text: string): LineOutcome => {
    const fields = fieldsOf(text);
    if (fields.length < 5) return { reason: `${fields.length} columns where five or more belong` };
    const [contig, start, end, name] = fields as [string, string, string, string];
    const place = intervalOfFields(contig, start, end);
    if (typeof place === 'string') return { reason: place };
    if (name === '' || name === '.') return { reason: 'the symbol is empty' };
    const [five, six] = [fields[4], fields[5]];
    const strand = isStrand(six) ? six : five;
    if (!isStrand(strand)) return { reason: `${JSON.stringify(six ?? five)} where the strand (+ or -) belongs` };
    const id = isStrand(six) && fields[6] !== undefined && !/^\d*$/.test(fields[6]) ? fields[6] : name;
    genes.push({
      ...place,
      contig: repeated(table.nameOf(contig)),
      name: ownText(withoutVersion(name)),
      strand,
      id: ownText(withoutVersion(id)),
      biotype: null,
    });
    return 'read';
  };
  const report = await readGenomeLines(path, 'reading.malformed-genes', take, options);
  if (genes.length === 0)
    throw new AppError('reading.no-genes', { file: basename(path), found: 'no line with a gene' });
  return { genes, format: 'bed', build: null, leftOut: 0, notes: [], report };
}

function isStrand(text: string | undefined): text is '+' | '-' {
  return text === '+' || text === '-';
}
