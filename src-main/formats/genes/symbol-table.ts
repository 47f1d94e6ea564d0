import { join } from 'node:path';
import { resourceFolder } from '../resource-folder.ts';
import { readLines } from '../text/read-lines.ts';

/** The shipped genes of one species. */
export interface SymbolTable {
  readonly species: 'human' | 'mouse';
  /** Ensembl gene id without version → symbol. */
  readonly symbolOf: ReadonlyMap<string, string>;
  readonly symbols: ReadonlySet<string>;
}

let tables: Promise<{ human: SymbolTable; mouse: SymbolTable }> | null = null;

/** The shipped tables (GENCODE 48 and M37, see resources/genes/README.md), read once per process. */
export function symbolTables(): Promise<{ human: SymbolTable; mouse: SymbolTable }> {
  tables ??= readTables();
  return tables;
}

async function readTables(): Promise<{ human: SymbolTable; mouse: SymbolTable }> {
  const [human, mouse] = await Promise.all([readTable('human'), readTable('mouse')]);
  return { human, mouse };
}

async function readTable<S extends 'human' | 'mouse'>(species: S): Promise<SymbolTable & { species: S }> {
  const lines = await readLines(join(resourceFolder('genes'), `${species}-symbols.csv.gz`));
  const symbolOf = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const comma = line.indexOf(',');
    if (comma !== -1) symbolOf.set(line.slice(0, comma), line.slice(comma + 1));
  }
  return { species, symbolOf, symbols: new Set(symbolOf.values()) };
}
