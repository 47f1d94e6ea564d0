import type { FragmentBlock } from '#core/chromatin/fragment-block';

/** A fragment as it stands in a file. */
export interface TextFragment {
  readonly contig: string;
  readonly start: number;
  readonly end: number;
  readonly barcode: string;
}

/** The fragments as blocks of at most `size`, with tables that grow from block to block as those of a reading do. */
export function blocksOfFragments(fragments: readonly TextFragment[], size = 7): FragmentBlock[] {
  const tables = { contigs: [] as string[], barcodes: [] as string[] };
  const number = (table: string[], name: string): number => {
    const held = table.indexOf(name);
    return held === -1 ? table.push(name) - 1 : held;
  };
  const blocks: FragmentBlock[] = [];
  for (let from = 0; from < fragments.length; from += size) {
    const part = fragments.slice(from, from + size);
    blocks.push({
      length: part.length,
      ...tables,
      contig: Int32Array.from(part, (f) => number(tables.contigs, f.contig)),
      start: Int32Array.from(part, (f) => f.start),
      end: Int32Array.from(part, (f) => f.end),
      barcode: Int32Array.from(part, (f) => number(tables.barcodes, f.barcode)),
      count: null,
    });
  }
  return blocks;
}
