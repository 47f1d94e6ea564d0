import { scenarioTitles } from '#core/data/scenario';
import type { Draft } from '../../state/draft.svelte.ts';
import type { AnnotateStep } from '../../state/router.svelte.ts';
import type { StudyDraft } from '../../state/study-draft.svelte.ts';
import type { Step } from '../../ui/Stepper.svelte';
import { count, counted, fileName } from '../../ui/format.ts';

/** The steps with what was chosen in each. One that holds nothing wrong is done once a person has been there and gone on. */
export function stepsOf(draft: Draft, methods: readonly { id: string; title: string }[]): readonly Step[] {
  const { reference, query, match } = draft.ready;
  const files = reference && query;
  const method = methods.find((known) => known.id === draft.method);
  const left = (step: AnnotateStep): Step['state'] => (draft.left.includes(step) ? 'done' : 'open');
  return [
    {
      id: 'scenario',
      title: 'Scenario',
      summary: draft.scenario === 'auto' ? 'suggested from the files' : scenarioTitles[draft.scenario],
      state: left('scenario'),
    },
    {
      id: 'reference',
      title: 'Reference',
      summary: studySummary(draft.studies.reference, 'the labelled study'),
      state: fileState(draft.studies.reference, reference),
    },
    {
      id: 'query',
      title: 'Query',
      summary: studySummary(draft.studies.query, 'the study to label'),
      state: fileState([...draft.studies.query, ...draft.studies.peaks], query),
    },
    {
      id: 'match',
      title: 'Match',
      summary: draft.match ? `${counted(draft.match.sharedFeatures, 'shared feature')}` : 'labels and fit',
      state: !files
        ? 'later'
        : draft.match?.verdict === 'impossible' || draft.matching.error
          ? 'attention'
          : match
            ? left('match')
            : 'open',
    },
    {
      id: 'method',
      title: 'Method',
      summary: method ? `${method.title}, ${draft.preset}` : draft.method,
      state: !files ? 'later' : draft.unusable.length > 0 ? 'attention' : match ? left('method') : 'open',
    },
    {
      id: 'review',
      title: 'Review and run',
      summary: draft.likelyScenario === 'auto' ? '' : scenarioTitles[draft.likelyScenario],
      state: files && match ? 'open' : 'later',
    },
  ];
}

/** What still keeps a person from leaving a step forwards, in one sentence; null if nothing does. */
export function whyNotOn(step: AnnotateStep, draft: Draft): string | null {
  if (step === 'reference') return filesObstacle(draft.studies.reference, 'the labelled study');
  if (step === 'query') return filesObstacle([...draft.studies.query, ...draft.studies.peaks], 'the study to label');
  if (step === 'method') return draft.unusable.length > 0 ? `Correct ${draft.unusable.join(', ')} first.` : null;
  if (step !== 'match') return null;
  if (draft.label === '') return 'Choose the column that holds the labels.';
  if (draft.matching.busy) return 'Comparing reference and query …';
  if (draft.matching.error) return 'The two studies could not be compared.';
  if (draft.match?.verdict === 'impossible') return 'These two studies do not fit each other.';
  return draft.match === null ? 'The two studies have not been compared yet.' : null;
}

function filesObstacle(studies: readonly StudyDraft[], what: string): string | null {
  if (studies.length === 0) return `Choose ${what} first.`;
  if (studies.some((study) => study.looking.busy)) return 'Looking into the file …';
  if (studies.some((study) => study.looking.error)) return 'A file could not be read: repair or remove it.';
  const problems = studies.reduce((sum, study) => sum + study.problems.length, 0);
  return problems > 0 ? `${counted(problems, 'problem')} must be repaired first.` : null;
}

function fileState(studies: readonly StudyDraft[], ready: boolean): Step['state'] {
  if (ready) return 'done';
  return studies.some((study) => study.looking.error || study.problems.length > 0) ? 'attention' : 'open';
}

function studySummary(studies: readonly StudyDraft[], otherwise: string): string {
  if (studies.length === 0) return otherwise;
  if (studies.some((study) => study.report === null)) return studies.map((study) => fileName(study.path)).join(', ');
  const cells = studies.reduce((sum, study) => sum + (study.report?.cells ?? 0), 0);
  return studies.length === 1 ? `${count(cells)} cells` : `${count(cells)} cells in ${studies.length} files`;
}
