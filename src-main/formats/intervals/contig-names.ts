import { join } from 'node:path';
import { contigKey } from '#core/chromatin/contigs';
import { resourceFolder } from '../resource-folder.ts';
import { readLines } from '../text/read-lines.ts';

/** A genome build by its UCSC name. */
export const knownBuilds = ['hg19', 'hg38', 'hs1', 'mm9', 'mm10', 'mm39'] as const;
export type Build = (typeof knownBuilds)[number];

export interface BuildContig {
  /** As UCSC writes it. */
  readonly name: string;
  readonly length: number;
}

/**
 * The contigs of the known builds, with their lengths and all their names (resources/gene-models/README.md).
 * `contigKey` compares names that follow a rule (chr1 = 1); the names that need a table (NC_000001.11, CM000663.2,
 * chr1_gl000192_random) are changed here, where a file is read, into ones that it compares.
 */
export class ContigTable {
  /** Build → `contigKey` → contig. */
  readonly #contigs = new Map<Build, Map<string, BuildContig>>();
  /** Name → the name to use for it, where `contigKey` does not see that they are the same. */
  readonly #renamed = new Map<string, string>();
  /** Accession with version, which belongs to one state of one contig → builds that have it. */
  readonly #buildsOf = new Map<string, Build[]>();

  /** @param lines build, UCSC name, length, other names separated by blanks; separated by tabs */
  constructor(lines: readonly string[]) {
    for (const line of lines) {
      const [build, name, length, others] = line.split('\t') as [Build, string, string, string];
      const aliases = others === '' ? [] : others.split(' ');
      const known = isChromosome(name) ? name : (aliases.find((alias) => genBank.test(alias)) ?? name);
      const key = contigKey(known);
      const contigs = this.#contigs.get(build) ?? new Map<string, BuildContig>();
      this.#contigs.set(build, contigs);
      // hg19 has two mitochondrial genomes: UCSC's old one and the one of everybody else.
      if (!(Number(length) <= (contigs.get(key)?.length ?? 0))) contigs.set(key, { name, length: Number(length) });
      for (const alias of [name, ...aliases]) {
        if (contigKey(alias) !== key) this.#renamed.set(alias, known);
        if (accession.test(alias)) this.#buildsOf.set(alias, [...(this.#buildsOf.get(alias) ?? []), build]);
      }
    }
  }

  /**
   * The name by which a contig is known here: NC_000001.11 → chr1, chr1_gl000192_random → GL000192.1. Names that
   * `contigKey` compares by itself, and those of other genomes, stay as they are written.
   */
  nameOf(contig: string): string {
    return this.#renamed.get(contig) ?? contig;
  }

  /** Length of a contig in a build, null where the build has none of that name. */
  lengthOf(build: Build, contig: string): number | null {
    return this.#contigs.get(build)?.get(contigKey(this.nameOf(contig)))?.length ?? null;
  }

  /** The builds to which an accession (NC_000001.11) belongs; none for other names. */
  buildsOf(contig: string): readonly Build[] {
    return this.#buildsOf.get(contig) ?? [];
  }
}

/** Accession of GenBank: two letters and six digits or more, with a version. */
const genBank = /^[A-Z]{2}\d{6,}\.\d+$/;
/** Of GenBank or RefSeq. */
const accession = /^([A-Z]{2}_?\d{6,}|[A-Z]\d{5})\.\d+$/;

/** Whether a contig is a chromosome or the mitochondrion, and no unplaced piece. */
export function isChromosome(contig: string): boolean {
  return /^(\d{1,2}|[XYM])$/.test(contigKey(contig));
}

let table: Promise<ContigTable> | null = null;

/** The shipped table, read once per process. */
export function contigTable(): Promise<ContigTable> {
  table ??= readLines(join(resourceFolder('gene-models'), 'contigs.tsv.gz')).then(
    (lines) => new ContigTable(lines.filter((line) => line !== '')),
  );
  return table;
}
