import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { GeneSet, GeneSetLibrary } from '#core/data/gene-sets';
import { lineBatches } from '../text/read-lines.ts';

/** Letters of a line that cannot be read which are shown. */
const SHOWN = 60;

/**
 * The gene sets of a GMT file (plain or gzip): per line a name, a description and genes, separated by tabs. Empty lines and lines
 * that begin with # are passed over, empty fields left out, and of a gene with a weight ("TP53,1.0", as Enrichr writes them) the
 * name is taken. A gene counts once per set. Of sets with the same name the later ones get " (2)", " (3)", …
 *
 * Format: https://software.broadinstitute.org/cancer/software/gsea/wiki/index.php/Data_formats
 *
 * @throws AppError `reading.malformed-gene-sets` with the first line that has no gene, `reading.no-gene-sets`, and those of
 * reading text
 */
export async function readGeneSets(path: string): Promise<GeneSetLibrary> {
  const file = basename(path);
  const sets: GeneSet[] = [];
  const uses = new Map<string, number>();
  for await (const { first, lines } of lineBatches(path)) {
    for (const [i, line] of lines.entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const [name = '', , ...fields] = line.split('\t');
      const genes = [...new Set(fields.map(geneOf).filter((gene) => gene !== ''))];
      if (name.trim() === '' || genes.length === 0) {
        const count = line.split('\t').length;
        throw new AppError('reading.malformed-gene-sets', {
          file,
          line: first + i,
          text: line.slice(0, SHOWN),
          fields: count,
        });
      }
      const before = uses.get(name) ?? 0;
      uses.set(name, before + 1);
      sets.push({ name: before === 0 ? name.trim() : `${name.trim()} (${before + 1})`, genes });
    }
  }
  if (sets.length === 0) throw new AppError('reading.no-gene-sets', { file });
  return { name: file, sets };
}

function geneOf(field: string): string {
  return field.replace(/,[\d.eE+-]*$/, '').trim();
}
