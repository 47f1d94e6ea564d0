/** Names under which each build goes, all lower case. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  hg38: ['hg38', 'grch38'],
  hg19: ['hg19', 'grch37', 'b37', 'hs37d5'],
  hs1: ['hs1', 'chm13', 't2t-chm13', 'chm13v2.0', 't2t-chm13v2.0'],
  mm9: ['mm9', 'ncbi37', 'ncbim37', 'mgscv37'],
  mm10: ['mm10', 'grcm38'],
  mm39: ['mm39', 'grcm39'],
};

/** The usual name of a genome build (GRCh38 and GRCh38.p13 → hg38); names that are not known stay as they are. */
export function buildName(build: string): string {
  const plain = build
    .trim()
    .toLowerCase()
    .replace(/\.p\d+$/, '');
  return Object.entries(aliases).find(([, names]) => names.includes(plain))?.[0] ?? build.trim();
}

/** Whether two builds are known and not the same. */
export function buildsDiffer(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && buildName(a) !== buildName(b);
}
