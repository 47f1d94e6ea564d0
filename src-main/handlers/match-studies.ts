import { countText } from '#core/base/count-text';
import { basename } from 'node:path';
import { columnTexts } from '#core/data/column';
import type { ChromatinMatch, HarmoniseSide } from '#core/chromatin/harmonise-plan';
import type { Study } from '#core/data/study';
import { type MatchMessage, type MatchReport, matchReport } from '#core/prepare/match-report';
import { type ScenarioSuggestion, suggestScenario } from '#core/prepare/suggest-scenario';
import { readStudyTables, type StudyTables } from '#formats/read-study';
import type { StudyChoice } from '#contract/annotation-request';
import type { WorkProgress } from '#contract/requests';
import { renamedLabels } from '#formats/rename-labels';
import { areFragments, chosenColumns } from '#formats/chromatin/fragment-columns';
import { chromatinFacts } from '#formats/pair/plan-pair';
import { asGenes, matchChromatin } from './match-chromatin.ts';
import type { MatchQuestion } from './services.ts';

/** Labels with fewer reference cells than this are pointed out. */
const rareBelow = 10;

/**
 * How reference and query fit, which scenario the files suggest, and what is wrong with the label column. Throws what
 * `readStudyTables` and `chromatinFacts` throw.
 *
 * @param tell told how far it is: fragments whose cells are not listed are read once
 */
export async function matchStudies(
  question: MatchQuestion,
  tell?: (progress: WorkProgress) => void,
): Promise<MatchReport & { readonly suggestion: ScenarioSuggestion; readonly chromatin: ChromatinMatch | null }> {
  const { reference, query } = await readSides(question, tell);
  tell?.({ fraction: 1, text: 'Comparing the features' });
  const { report, suggestion, chromatin } = await fitOf(reference, query, question);
  const messages = [
    ...report.messages,
    ...labelMessages(reference, question.label),
    ...scenarioMessages(question.scenario, suggestion),
  ];
  const blocked = messages.some(({ severity }) => severity === 'error');
  return { ...report, messages, verdict: blocked ? 'impossible' : report.verdict, suggestion, chromatin };
}

/** The tables of both sides, file by file. */
async function readSides(
  question: MatchQuestion,
  tell?: (progress: WorkProgress) => void,
): Promise<Readonly<Record<'reference' | 'query', StudyTables>>> {
  const files = question.reference.length + question.query.length;
  let before = 0;
  const side = async (choices: readonly StudyChoice[], label: string): Promise<StudyTables> => {
    const studies: StudyTables[] = [];
    for (const choice of choices) {
      const progress = (fraction: number): void =>
        tell?.({ fraction: (before + fraction) / files, text: `Reading ${basename(choice.path)}` });
      progress(0);
      const tables = await readStudyTables(choice, { progress });
      studies.push(tables.cells.columns.has(label) ? renamedLabels(tables, choice, label) : tables);
      before++;
    }
    return together(studies);
  };
  return { reference: await side(question.reference, question.label), query: await side(question.query, '') };
}

interface Fit {
  readonly report: MatchReport;
  readonly suggestion: ScenarioSuggestion;
  readonly chromatin: ChromatinMatch | null;
}

/** Two studies of open chromatin are brought together first; against genes, fragments and peaks become gene activity. */
async function fitOf(reference: StudyTables, query: StudyTables, question: MatchQuestion): Promise<Fit> {
  const [a, b] = [await placesOf(question.reference), await placesOf(question.query)];
  const both = a === null || b === null ? null : { reference: a, query: b };
  const chain = question.chain !== undefined;
  const found = both === null ? null : matchChromatin(both.reference, both.query, question.harmonise, chain);
  if (found !== null && question.harmonise !== 'gene-activity' && found.chromatin.way !== 'gene-activity') {
    const { chromatin, ...report } = found;
    const peaks = (side: StudyTables): StudyTables => ({ ...side, modality: 'peaks' });
    return { report, suggestion: suggestScenario(peaks(reference), peaks(query)), chromatin };
  }
  const annotations = [question.reference, question.query].map(([first]) => first!.chromatin?.annotation);
  const genes = [await asGenes(reference, annotations[0]), await asGenes(query, annotations[1])] as const;
  const turned = [a, b].flatMap((side, place) =>
    side === null ? [] : [`${side.name} is turned into gene activity${genes[place]!.genome}.`],
  );
  const chromatin: ChromatinMatch | null =
    turned.length === 0
      ? null
      : {
          plan: found?.chromatin.plan ?? null,
          way: 'gene-activity',
          says: turned.join(' '),
        };
  const report = matchReport(genes[0].tables, genes[1].tables);
  const doubts = genes
    .flatMap((side) => side.doubts)
    .map((text): MatchMessage => ({
      severity: 'warning',
      text,
      remedy: 'Choose the genome on the card of the file.',
    }));
  return {
    report: {
      ...report,
      verdict: doubts.length > 0 && report.verdict === 'good' ? 'poor' : report.verdict,
      messages: [...doubts, ...report.messages],
    },
    suggestion: suggestScenario(reference, query),
    chromatin,
  };
}

/** What is known of a side of fragments or peaks; null for genes, and for fragments that were chosen to be counted as genes. */
async function placesOf(choices: readonly StudyChoice[]): Promise<HarmoniseSide | null> {
  if ((await areFragments(choices)) && chosenColumns(choices[0]!)?.kind === 'gene-activity') return null;
  return chromatinFacts(choices);
}

/** Several files as one study: the features that all of them have, under the same id. */
export function together(studies: readonly StudyTables[]): StudyTables {
  const [first, ...others] = studies as [StudyTables, ...StudyTables[]];
  if (others.length === 0) return first;
  const kept = first.features.ids.flatMap((id, place) =>
    others.every(({ features }) => idsOf(features).has(id)) ? [place] : [],
  );
  return {
    ...first,
    name: studies.map(({ name }) => name).join(' + '),
    cells: { ids: studies.flatMap(({ cells }) => cells.ids), columns: joinedColumns(studies) },
    features: {
      ...first.features,
      ids: kept.map((place) => first.features.ids[place]!),
      names: kept.map((place) => first.features.names[place]!),
      columns: new Map(),
    },
  };
}

const idSets = new WeakMap<StudyTables['features'], ReadonlySet<string>>();
function idsOf(features: StudyTables['features']): ReadonlySet<string> {
  const known = idSets.get(features) ?? new Set(features.ids);
  idSets.set(features, known);
  return known;
}

/** Columns by name as text; cells of a file without the column are missing there. */
function joinedColumns(studies: readonly StudyTables[]): StudyTables['cells']['columns'] {
  const names = new Set(studies.flatMap(({ cells }) => [...cells.columns.keys()]));
  return new Map(
    [...names].map((name) => [
      name,
      {
        kind: 'text',
        values: studies.flatMap(({ cells }) => {
          const column = cells.columns.get(name);
          return column === undefined ? cells.ids.map(() => null) : columnTexts(column);
        }),
      },
    ]),
  );
}

/** What a person should know of the labels before they are transferred. */
export function labelMessages(reference: Pick<Study, 'name' | 'cells'>, label: string): MatchMessage[] {
  const column = reference.cells.columns.get(label);
  if (column === undefined) {
    return [
      {
        severity: 'error',
        text: `The cells of ${reference.name} have no column "${label}".`,
        remedy: 'Choose the column that holds the labels.',
      },
    ];
  }
  const cellsOf = new Map<string, number>();
  let missing = 0;
  for (const value of columnTexts(column)) {
    if (value === null) missing++;
    else cellsOf.set(value, (cellsOf.get(value) ?? 0) + 1);
  }
  const rare = [...cellsOf].filter(([, cells]) => cells < rareBelow).sort((a, b) => a[1] - b[1]);
  const messages: MatchMessage[] = [];
  if (rare.length > 0) {
    messages.push({
      severity: 'warning',
      text: `Labels with fewer than ${rareBelow} reference cells are hard to learn: ${rare.map(([name, cells]) => `${name} (${cells})`).join(', ')}.`,
      remedy: 'Merge them with others under Labels, leave them out, or read their predictions with care.',
    });
  }
  if (missing > 0) {
    messages.push({
      severity: 'info',
      text: `${countText(missing)} of ${countText(reference.cells.ids.length)} reference cells have no label and are not used for training.`,
      remedy: null,
    });
  }
  return messages;
}

function scenarioMessages(chosen: MatchQuestion['scenario'], suggestion: ScenarioSuggestion): MatchMessage[] {
  if (chosen === 'auto' || chosen === suggestion.scenario) return [];
  return [
    {
      severity: 'warning',
      text: `The files suggest another scenario (${suggestion.scenario}): ${suggestion.reason}`,
      remedy: 'Choose it, or go on if you know the files better.',
    },
  ];
}
