import { countText } from '#core/base/count-text';
import type { IdType } from '#core/data/study';
import { parsePeakName } from '../intervals/parse-peak-name.ts';

export interface IdEvidence {
  readonly idType: IdType;
  /** E.g. "987 of 1 000 look like Ensembl gene ids (ENSG00000141510)". */
  readonly evidence: string;
}

const ensembl = /^ENS(?:[A-Z]{3,4})?[GT]\d{11}(?:\.\d+)?(?:_PAR_Y)?$/;
// Letters first, then letters, digits and the punctuation that gene symbols use: RP11-34P13.3, HLA-DRA, 4930402H24Rik.
const symbol = /^(?:[A-Za-z][A-Za-z0-9]*|\d+[A-Z]\d+[A-Z]\d+Rik|[A-Z0-9]+)(?:[-._@/][A-Za-z0-9._]+)*$/;

/**
 * How the features of a matrix are named, by the form that most of at most 2 000 evenly spaced ids have.
 * Plain numbers and forms of which none reaches half give `other`; no ids give `other`.
 */
export function detectIdType(ids: readonly string[]): IdEvidence {
  const step = Math.max(1, Math.ceil(ids.length / 2000));
  const found = { ensembl: 0, coordinates: 0, symbol: 0 };
  const example: Partial<Record<IdType, string>> = {};
  let looked = 0;
  for (let i = 0; i < ids.length; i += step) {
    const id = ids[i]!;
    looked++;
    const form = ensembl.test(id)
      ? 'ensembl'
      : parsePeakName(id) !== null
        ? 'coordinates'
        : /[A-Za-z]/.test(id) && symbol.test(id)
          ? 'symbol'
          : null;
    if (form === null) continue;
    found[form]++;
    example[form] ??= id;
  }
  const idType = (['ensembl', 'coordinates', 'symbol'] as const).find((form) => found[form] * 2 > looked);
  if (idType === undefined) {
    const shown = ids
      .slice(0, 3)
      .map((id) => JSON.stringify(id))
      .join(', ');
    return { idType: 'other', evidence: ids.length === 0 ? 'there are no features' : `no known form (${shown})` };
  }
  const form = { ensembl: 'Ensembl ids', coordinates: 'genome coordinates', symbol: 'gene symbols' }[idType];
  return {
    idType,
    evidence: `${countText(found[idType])} of ${countText(looked)} look like ${form} (${example[idType]})`,
  };
}

/** Whether a feature id is an Ensembl gene or transcript id, with or without its version. */
export function isEnsemblId(id: string): boolean {
  return ensembl.test(id);
}

/** An Ensembl id without its version: ENSG00000141510.17 → ENSG00000141510. */
export function withoutVersion(id: string): string {
  return id.startsWith('ENS') ? id.replace(/\.\d+(_PAR_Y)?$/, '') : id;
}
