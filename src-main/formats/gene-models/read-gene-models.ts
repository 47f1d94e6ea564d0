import { firstLines } from '../text/read-lines.ts';
import type { GeneModels } from './gene-models.ts';
import { type AnnotationOptions, readAnnotation } from './read-annotation.ts';
import { readGeneBed } from './read-gene-bed.ts';

/**
 * Reads the genes of any annotation of the user's: GTF, GFF3 or BED, gzip or not. Which of them it is, is told by the
 * content, not by the ending of the name.
 *
 * Throws what `readAnnotation` and `readGeneBed` throw.
 */
export async function readGeneModels(path: string, options: AnnotationOptions = {}): Promise<GeneModels> {
  const format = await annotationFormat(path);
  return format === 'bed' ? readGeneBed(path, options) : readAnnotation(path, format, options);
}

/** Some annotations begin with a long list of contigs. */
const lookedAt = 5000;

async function annotationFormat(path: string): Promise<'gtf' | 'gff3' | 'bed'> {
  const lines = await firstLines(path, lookedAt, 1 << 20);
  if (lines.some((line) => /^##gff-version\s+3/.test(line))) return 'gff3';
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t'));
  const annotated = rows.find((row) => row.length >= 9 && /^\d+$/.test(row[3]!) && /^\d+$/.test(row[4]!));
  if (annotated === undefined) return 'bed';
  return /^\s*[A-Za-z_]+=/.test(annotated[8]!) ? 'gff3' : 'gtf';
}
