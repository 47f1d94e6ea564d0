import { countText } from '#core/base/count-text';
import type { FeatureTable, Modality } from '#core/data/study';
import type { MatrixSlot } from '../study-file.ts';

export interface ModalityEvidence {
  readonly modality: Modality;
  readonly evidence: string;
}

/**
 * What the columns of a matrix are: as the file declares; else peaks if they are coordinates, protein if the names
 * are those of antibodies, gene activity if the file, the modality or the matrix is called so, else genes of RNA.
 * Gene activity cannot be told from RNA by its numbers: a name is the only sign.
 *
 * @param fileName without its folder
 */
export function detectModality(slot: MatrixSlot, features: FeatureTable, fileName: string): ModalityEvidence {
  const named = [slot.modalityName, slot.id, fileName].find((name) => name !== null && activityName.test(name));
  if (named !== undefined && features.idType !== 'coordinates') {
    return { modality: 'gene-activity', evidence: `the name "${named}" speaks of gene activity` };
  }
  if (slot.modality !== null) {
    return {
      modality: slot.modality,
      evidence: `declared by the file${slot.modalityName ? ` (${slot.modalityName})` : ''}`,
    };
  }
  if (features.idType === 'coordinates') return { modality: 'peaks', evidence: 'the features are genome coordinates' };
  const antibodies = features.names.filter((name) => antibodyName.test(name)).length;
  if (antibodies * 2 > features.names.length) {
    return {
      modality: 'protein',
      evidence: `${countText(antibodies)} of ${countText(features.names.length)} names are those of antibodies`,
    };
  }
  if (features.idType === 'other') return { modality: 'other', evidence: 'the features have names of no known form' };
  return { modality: 'rna', evidence: 'the features are genes, and nothing speaks of gene activity' };
}

const activityName = /gene[ _.-]?(activity|score)|(^|[_.-])(activity|ga|genescore)([_.-]|$)/i;
const antibodyName = /TotalSeq|_ADT$|^ADT[_-]|[-_]TSB$|^(Hu|Ms|HuMs)\.|(^|[-_])(isotype|IgG[12][ab]?)([-_]|$)/i;
