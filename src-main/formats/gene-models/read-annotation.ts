import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { withoutVersion } from '../detect/id-type.ts';
import { type GenomeLinesOptions, type LineOutcome, readGenomeLines } from '../intervals/genome-lines.ts';
import { intervalOfFields } from '../intervals/interval-of-fields.ts';
import { ownText, ownTexts } from '../text/own-text.ts';
import { attributesOf } from './annotation-attributes.ts';
import { contigTable } from '../intervals/contig-names.ts';
import type { AnnotatedGene, GeneChoice, GeneModels } from './gene-models.ts';

export interface AnnotationOptions extends GenomeLinesOptions {
  /** Default 'protein-coding', as Signac does it. */
  readonly choice?: GeneChoice | undefined;
}

/**
 * Reads the genes of a GTF or GFF3 file (GENCODE, Ensembl, NCBI, UCSC; gzip or not), line by line: the rows of genes,
 * or, in a file without them, from the first to the last base of all rows of one gene id on one contig and strand.
 * The name is `gene_name`, else (GFF3) `Name`, else `gene`, else the id; ids lose their version (ENSG00000141510.17). The
 * kind is `gene_type`, `gene_biotype` or `biotype`. Positions become 0-based and half-open.
 *
 * Throws `reading.malformed-genes` if more than 5 % of the lines are malformed, `reading.no-genes`, and what
 * `readGenomeLines` throws.
 */
export async function readAnnotation(
  path: string,
  format: 'gtf' | 'gff3',
  options: AnnotationOptions = {},
): Promise<GeneModels> {
  const genes = new Genes();
  const table = await contigTable();
  const repeated = ownTexts();
  let ended = false;
  const take = (text: string): LineOutcome => {
    // What follows is the sequence of the genome.
    if (ended || text.startsWith('>')) {
      ended = true;
      return 'nothing';
    }
    const fields = text.split('\t');
    if (fields.length < 9) return { reason: `${fields.length} columns where nine belong` };
    const [contig, , kind, start, end, , strand, , attributes] = fields as [string, ...string[]];
    const isGene = geneKinds.test(kind!);
    if (!isGene && (genes.hasRows || !partKinds.has(kind!))) return 'nothing';
    // Annotations count from 1 and name the last base.
    if (start === '0') return { reason: '"0" where a position from 1 on belongs' };
    const place = intervalOfFields(contig, /^\d+$/.test(start!) ? String(Number(start) - 1) : start!, end!);
    if (typeof place === 'string') return { reason: place };
    const said = attributesOf(attributes!, format);
    const id = said.get('gene_id') ?? idOf(said, isGene);
    if (id === undefined) return isGene ? { reason: 'the gene has no id' } : 'nothing';
    if (strand !== '+' && strand !== '-')
      return { reason: `${JSON.stringify(strand)} where the strand (+ or -) belongs` };
    const name = said.get('gene_name') ?? (isGene ? said.get('Name') : undefined) ?? said.get('gene');
    const kindOfGene = said.get('gene_type') ?? said.get('gene_biotype') ?? (isGene ? said.get('biotype') : undefined);
    const bare = withoutVersion(id);
    genes.add(
      {
        ...place,
        contig: repeated(table.nameOf(contig)),
        name: ownText(name === undefined || name === '' || name === id ? bare : name),
        strand,
        id: ownText(bare),
        biotype: kindOfGene === undefined ? null : repeated(kindOfGene),
      },
      isGene,
    );
    return 'read';
  };
  const report = await readGenomeLines(path, 'reading.malformed-genes', take, options);
  const all = genes.all();
  const told = all.some((gene) => gene.biotype !== null);
  const { choice = 'protein-coding' } = options;
  const kept = choice === 'all' || !told ? all : all.filter((gene) => gene.biotype === 'protein_coding');
  if (kept.length === 0) {
    const found =
      all.length === 0 ? 'no rows of genes, transcripts or exons' : `${all.length} genes, none protein-coding`;
    throw new AppError('reading.no-genes', { file: basename(path), found });
  }
  const notes: string[] = [];
  if (!genes.hasRows)
    notes.push('the file has no rows of genes; each gene reaches from the first to the last base of its transcripts');
  if (!told && choice === 'protein-coding')
    notes.push('the file does not tell which genes code for proteins; all are taken');
  return {
    genes: kept,
    format,
    build: declaredBuild(report.headers),
    leftOut: all.length - kept.length,
    notes,
    report,
  };
}

/** Ensembl's GFF3 also has `ncRNA_gene`; NCBI and Ensembl have `pseudogene`. */
const geneKinds = /^(gene|[a-z_]*_gene|pseudogene)$/i;
/** Rows that a gene is put together of where it has none of its own. */
const partKinds = new Set(['transcript', 'mRNA', 'exon', 'CDS']);

/** The id of a GFF3 row: its own for a gene (`ID=gene:ENSG…`, `ID=gene-TP53`), that of the gene it belongs to for others. */
function idOf(said: ReadonlyMap<string, string>, isGene: boolean): string | undefined {
  const id = said.get(isGene ? 'ID' : 'Parent') ?? (isGene ? said.get('Name') : undefined);
  return id?.replace(/^gene[:-]/, '');
}

/** Genes from their own rows; until there is one, from the rows of their parts. */
class Genes {
  readonly #rows: AnnotatedGene[] = [];
  readonly #parts = new Map<string, AnnotatedGene>();

  get hasRows(): boolean {
    return this.#rows.length > 0;
  }

  add(gene: AnnotatedGene, isGene: boolean): void {
    if (isGene) {
      this.#rows.push(gene);
      return;
    }
    const key = `${gene.id}\t${gene.contig}\t${gene.strand}`;
    const held = this.#parts.get(key);
    if (held === undefined) this.#parts.set(key, gene);
    else if (gene.start < held.start || gene.end > held.end) {
      this.#parts.set(key, { ...held, start: Math.min(gene.start, held.start), end: Math.max(gene.end, held.end) });
    }
  }

  all(): AnnotatedGene[] {
    return this.hasRows ? this.#rows : [...this.#parts.values()];
  }
}

/** "#!genome-build GRCh38.p14" (Ensembl, NCBI) or "##description: evidence-based annotation of the human genome (GRCh38), …" (GENCODE). */
function declaredBuild(headers: readonly string[]): string | null {
  for (const header of headers) {
    const found =
      /^#!genome-build(?:-accession)?\s+(\S+)/.exec(header) ?? /^##description:.*\((GRC[a-z]?\d+[^)]*)\)/.exec(header);
    if (found !== null) return found[1]!;
  }
  return null;
}
