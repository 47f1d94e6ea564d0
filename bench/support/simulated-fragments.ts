import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Random } from '../../src-main/core/base/random.ts';
import type { FragmentBlock } from '../../src-main/core/chromatin/fragment-block.ts';
import type { GeneModel } from '../../src-main/core/chromatin/gene-model.ts';

/** Lengths of the human chromosomes 1 … 22, X (hg38), in megabases. */
const megabases = [
  248, 242, 198, 190, 181, 170, 159, 145, 138, 133, 135, 133, 114, 107, 101, 90, 83, 80, 58, 64, 46, 50, 156,
];
const genome = megabases
  .map((length, i) => ({ name: `chr${i === 22 ? 'X' : i + 1}`, length: length * 1e6 }))
  .sort((a, b) => (a.name < b.name ? -1 : 1)); // as fragment files are sorted
const bases = genome.reduce((sum, { length }) => sum + length, 0);

/** `count` genes all over the human genome, widths as in it: a median of 25 kb and a long tail, half of them reverse. */
export function simulatedGenes(count: number, seed: number): GeneModel[] {
  const random = Random.forPurpose(seed, 'genes');
  return Array.from({ length: count }, (_, i) => {
    const { name: contig, length } = placeOnGenome(random.uniform());
    const width = Math.min(2e6, Math.round(25_000 * Math.exp(1.4 * random.normal())) + 100);
    const start = Math.floor(random.uniform() * (length - width));
    return { name: `GENE${i}`, contig, start, end: start + width, strand: random.below(2) === 0 ? '+' : '-' };
  });
}

export interface SimulatedFragments {
  readonly fragments: number;
  readonly cells: number;
  readonly seed: number;
  /** Fragments per block. */
  readonly block?: number;
}

/**
 * Fragments all over the human genome, sorted by position, block by block: 60 % lie in 150 000 open places of 500 bases, the
 * others anywhere; depths of the cells follow a log-normal. Nothing but one block is held.
 */
export function* simulatedFragments({
  fragments,
  cells,
  seed,
  block = 65_536,
}: SimulatedFragments): Generator<FragmentBlock> {
  const random = Random.forPurpose(seed, 'fragments');
  const cellAt = cellsByDepth(cells, random);
  const contigs = genome.map(({ name }) => name);
  const barcodes = Array.from({ length: cells }, (_, i) => `${nucleotides(Math.imul(i, 2_654_435_761))}-1`);
  for (let code = 0; code < genome.length; code++) {
    const { length } = genome[code]!;
    const here = Math.round((fragments * length) / bases);
    for (let done = 0; done < here;) {
      const size = Math.min(block, here - done);
      const from = (done / here) * (length - 1000);
      const to = ((done + size) / here) * (length - 1000);
      const places = 150_000 / bases;
      const start = new Int32Array(size);
      for (let i = 0; i < size; i++) {
        const anywhere = from + random.uniform() * (to - from);
        const open = random.uniform() < 0.6;
        start[i] = open
          ? Math.round(anywhere * places) / places + (random.uniform() + random.uniform() - 1) * 250
          : anywhere;
        if (start[i]! < 0) start[i] = 0;
      }
      start.sort();
      const end = start.map((at) => at + 40 + random.below(random.below(4) === 0 ? 400 : 120));
      const barcode = start.map(() => cellAt[random.below(cellAt.length)]!);
      yield {
        length: size,
        contigs,
        barcodes,
        contig: new Int32Array(size).fill(code),
        start,
        end,
        barcode,
        count: null,
      };
      done += size;
    }
  }
}

/** Writes them as a gzip fragments file of five columns. */
export async function writeSimulatedFragments(path: string, of: SimulatedFragments): Promise<void> {
  function* texts(): Generator<string> {
    for (const { contigs, barcodes, contig, start, end, barcode, length } of simulatedFragments(of)) {
      let text = '';
      for (let i = 0; i < length; i++) {
        text += `${contigs[contig[i]!]}\t${start[i]}\t${end[i]}\t${barcodes[barcode[i]!]}\t1\n`;
      }
      yield text;
    }
  }
  await pipeline(Readable.from(texts()), createGzip({ level: 4 }), createWriteStream(path));
}

/** A table in which each cell stands as often as it is deep. */
function cellsByDepth(cells: number, random: Random): Int32Array {
  const shares = Array.from({ length: cells }, () => Math.exp(0.6 * random.normal()));
  const total = shares.reduce((a, b) => a + b, 0);
  return Int32Array.from(
    shares.flatMap((share, cell) => new Array<number>(Math.ceil((share / total) * 64 * cells)).fill(cell)),
  );
}

function placeOnGenome(share: number): { name: string; length: number } {
  let left = share * bases;
  return genome.find(({ length }) => (left -= length) < 0) ?? genome[0]!;
}

/** A number as 16 bases; odd multiples of different numbers differ and look like chance. */
function nucleotides(n: number): string {
  return Array.from({ length: 16 }, (_, i) => 'ACGT'[(n >>> (2 * (15 - i))) & 3]).join('');
}
