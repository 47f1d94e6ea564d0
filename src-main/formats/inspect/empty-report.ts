import { basename } from 'node:path';
import type { StudyFile } from '../study-file.ts';
import type { PreflightReport } from './preflight-report.ts';

/** The report of a file that can be opened and holds no matrix. */
export function emptyReport(file: StudyFile, sizeBytes: number): PreflightReport {
  const none = 'there is no matrix';
  return {
    path: file.path,
    name: basename(file.path),
    format: file.format,
    dialect: file.dialect,
    sizeBytes,
    slots: [],
    chosenSlot: null,
    modality: 'other',
    modalityEvidence: none,
    cells: 0,
    features: 0,
    sizeEstimated: false,
    values: { kind: 'unknown', evidence: none },
    species: { species: 'unknown', evidence: none },
    idType: 'other',
    idEvidence: none,
    exampleFeatures: [],
    genome: { style: 'none', build: null, evidence: none },
    labelColumns: [],
    labelsFile: null,
    sample: { cells: 0, of: 0 },
    emptyCells: 0,
    duplicateCells: { count: 0, examples: [] },
    duplicateFeatures: { count: 0, examples: [] },
    nonFiniteValues: 0,
    skipped: [...file.skipped],
    estimatedMemoryBytes: 0,
    findings: [
      {
        severity: 'problem',
        code: 'matrix.none',
        text: `${basename(file.path)} (${file.dialect}) holds no matrix: no X, no raw, no layer. Choose another file.`,
      },
    ],
  };
}
