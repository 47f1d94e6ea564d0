import type { AnnotationRequestInput, ChromatinChoice } from '#contract/annotation-request';
import type { MethodDescription } from '#contract/descriptions';
import { count } from '../../ui/format.ts';
import { repairText } from '../../state/study-draft.svelte.ts';

/** One file that a run reads, or what it takes in place of one. */
export interface UsedFile {
  readonly role: string;
  /** Null where the application brings it along. */
  readonly path: string | null;
  /** What stands in place of a file. */
  readonly instead: string | null;
  /** How it is read, where that is not plain. */
  readonly notes: readonly string[];
}

type Choice = AnnotationRequestInput['query'][number];

/** All files of a request in the order in which they are used: studies with what is read beside them, then those of the pair. */
export function usedFiles(request: AnnotationRequestInput, method: MethodDescription | undefined): readonly UsedFile[] {
  const { reference, query, queryPeaks, chain, geneSets } = request;
  return [
    ...reference.flatMap((choice) => ofStudy('Reference', choice)),
    ...query.flatMap((choice) => ofStudy('Query', choice)),
    ...(queryPeaks === undefined ? [] : ofStudy('The query’s own peaks', queryPeaks)),
    ...(chain === undefined ? [] : [file('Chain file between the genomes', chain)]),
    ...(method?.geneSets !== true
      ? []
      : [
          geneSets === undefined
            ? { ...file('Gene sets', null), instead: 'Reactome of the species, which ships with the application' }
            : file('Gene sets (GMT)', geneSets),
        ]),
  ];
}

function file(role: string, path: string | null, notes: readonly string[] = []): UsedFile {
  return { role, path, instead: null, notes };
}

function ofStudy(role: string, { path, repairs = [], labelsFile, chromatin = {} }: Choice): UsedFile[] {
  const { barcodes, annotation, minimumFragments, peaks } = chromatin satisfies ChromatinChoice;
  const beside = (what: string): string => `${role}: ${what}`;
  const notes = [
    ...repairs.map(repairText),
    ...(minimumFragments === undefined
      ? []
      : [`Barcodes with fewer than ${count(minimumFragments)} fragments are no cells`]),
    ...(annotation !== undefined && !isPath(annotation) ? [`Genes of ${annotation}`] : []),
  ];
  return [
    file(role, path, notes),
    ...(labelsFile === undefined ? [] : [file(beside('table joined to the cells'), labelsFile)]),
    ...(barcodes === undefined ? [] : [file(beside('barcodes that are cells'), barcodes)]),
    ...(peaks === undefined ? [] : [file(beside('peaks to count fragments in'), peaks)]),
    ...(annotation !== undefined && isPath(annotation) ? [file(beside('genes'), annotation)] : []),
  ];
}

/** A genome is named by its build, its genes else by a file. */
function isPath(annotation: string): boolean {
  return /[\\/.]/.test(annotation);
}
