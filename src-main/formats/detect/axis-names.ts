import { symbolTables } from '../genes/symbol-table.ts';
import { detectIdType } from './id-type.ts';

/** How far a list of names looks like genes or peaks, and how far like cells; fractions of the names looked at. */
export interface AxisEvidence {
  readonly features: number;
  readonly cells: number;
  /** E.g. "98 % are Ensembl ids". */
  readonly evidence: string;
}

/**
 * Judges at most 500 evenly spaced names. Features: Ensembl ids, genome coordinates or symbols of the shipped tables.
 * Cells: barcodes (ten letters of A, C, G, T, N in a row) or one stem with a running number, such as `cell_12`.
 */
export async function axisEvidence(names: readonly string[]): Promise<AxisEvidence> {
  const step = Math.max(1, Math.ceil(names.length / 500));
  const sample = names.filter((_, i) => i % step === 0);
  if (sample.length === 0) return { features: 0, cells: 0, evidence: 'there are none' };
  const { human, mouse } = await symbolTables();
  const known = sample.filter((name) => human.symbols.has(name) || mouse.symbols.has(name)).length / sample.length;
  const { idType } = detectIdType(sample);
  if (idType === 'ensembl') return { features: 1, cells: 0, evidence: 'Ensembl ids' };
  if (idType === 'coordinates') return { features: 1, cells: 0, evidence: 'genome coordinates' };
  if (known > 0.3) return { features: known, cells: 0, evidence: `${percent(known)} known gene symbols` };

  const barcodes = sample.filter((name) => /[ACGTN]{10}/.test(name)).length / sample.length;
  if (barcodes > 0.5) return { features: known, cells: barcodes, evidence: `${percent(barcodes)} barcodes` };
  const stems = new Map<string, number>();
  for (const name of sample) {
    if (!/\d/.test(name)) continue;
    const stem = name.replaceAll(/\d+/g, '#');
    stems.set(stem, (stems.get(stem) ?? 0) + 1);
  }
  const [stem, count] = [...stems].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as [string, number]);
  const serial = count / sample.length;
  if (serial > 0.5 && sample.length > 1) {
    return { features: known, cells: serial * 0.8, evidence: `${percent(serial)} numbered names (${stem})` };
  }
  return { features: known, cells: 0, evidence: `names of no known form (${sample[0]})` };
}

function percent(fraction: number): string {
  return `${Math.round(100 * fraction)} %`;
}
