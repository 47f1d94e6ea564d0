import type { WorkProgress } from '#contract/requests';
import { listEngines, testEngine } from '#engine/list-engines';
import { inspectStudy } from '#formats/inspect/inspect-study';
import { explainSelection } from './explain-selection.ts';
import { exportRun } from './export-run.ts';
import { fitGeneSets } from './fit-gene-sets.ts';
import { matchStudies } from './match-studies.ts';
import { exportProject } from '#store/archive';
import type { SideQuestion } from './side-questions.ts';

/**
 * The answer to a question, as plain data. Throws what a person can mend as `AppError`.
 * @param tell told how far the answer is, for questions that may take long
 */
export function answerQuestion(question: SideQuestion, tell?: (progress: WorkProgress) => void): Promise<unknown> {
  switch (question.kind) {
    case 'inspect':
      return inspectStudy(question.choice);
    case 'match':
      return matchStudies(question, tell);
    case 'gene-sets':
      return fitGeneSets(question);
    case 'engines':
      return listEngines();
    case 'engine':
      return testEngine(question.name);
    case 'why':
      return explainSelection(question);
    case 'archive':
      return exportProject(question.projectPath, question.archive);
    case 'export':
      return exportRun(question);
  }
}
