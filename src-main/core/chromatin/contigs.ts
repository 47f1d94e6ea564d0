/**
 * What contig names of different sources are compared by. `chr` is left out (chr1 = 1), the mitochondrion is M whether
 * written MT or chrM, and UCSC's unplaced contigs get the accession that Ensembl writes (chrUn_GL000009v2 and
 * chr14_GL000009v2_random = GL000009.2). Sex chromosomes are upper case. Other names stay as they are.
 */
export function contigKey(name: string): string {
  const plain = name.trim().replace(/^chr/i, '');
  const accession = /(?:^|_)([A-Z]{2}\d{6})[v.](\d+)(?:_random|_alt|_fix)?$/i.exec(plain);
  if (accession !== null) return `${accession[1]!.toUpperCase()}.${accession[2]!}`;
  const upper = plain.toUpperCase();
  return upper === 'MT' ? 'M' : /^[XYMW]$/.test(upper) ? upper : plain;
}

/** Order of contigs as people read them: by number where there is one (1, 2, 10), then X, Y, M, then the others by name. */
export function compareContigs(a: string, b: string): number {
  const [x, y] = [contigKey(a), contigKey(b)];
  return rank(x) - rank(y) || (x < y ? -1 : x > y ? 1 : 0);
}

function rank(key: string): number {
  if (/^\d{1,3}$/.test(key)) return Number(key);
  const place = ['X', 'Y', 'M'].indexOf(key);
  return place === -1 ? 2000 : 1000 + place;
}

/** Tells whether a contig is the one named, however each is written. */
export function sameContigs(contig: string): (other: string) => boolean {
  const key = contigKey(contig);
  return (other) => other === contig || contigKey(other) === key;
}
