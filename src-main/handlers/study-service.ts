import type { Result, WorkProgress } from '#contract/requests';
import type { EngineReport } from '#engine/engine-report';
import { rememberReport } from '#engine/probe/remembered-reports';
import type { PreflightReport } from '#formats/inspect/preflight-report';
import type { StudyService } from './services.ts';
import type { SideProcess } from './side-process.ts';

/** Seconds without a word after which a question is given up. */
const limits = { inspect: 120, match: 300, engines: 180 } as const;

/** A question about the fit of two studies that is being answered. */
interface Comparison {
  readonly stop: AbortController;
  done: WorkProgress;
}

/** Looks into files and tries engines in the side process. */
export function studyService(side: SideProcess): StudyService {
  let engines: Promise<readonly EngineReport[]> | null = null;
  const comparisons = new Map<string, Comparison>();
  return {
    inspect: async (choice) =>
      (await side.ask({ kind: 'inspect', choice }, { about: choice.path, seconds: limits.inspect })) as PreflightReport,
    async match(question) {
      const name = question.question;
      const work: Comparison = { stop: new AbortController(), done: { fraction: 0, text: 'Waiting' } };
      if (name !== undefined) comparisons.set(name, work);
      try {
        const options = {
          ...{ about: question.query[0]!.path, seconds: limits.match, signal: work.stop.signal },
          progress: (done: WorkProgress) => (work.done = done),
        };
        return (await side.ask({ kind: 'match', ...question }, options)) as Result<'match:check'>;
      } finally {
        if (name !== undefined && comparisons.get(name) === work) comparisons.delete(name);
      }
    },
    matchProgress: (name) => comparisons.get(name)?.done ?? null,
    stopMatch(name) {
      comparisons.get(name)?.stop.abort();
      return comparisons.delete(name);
    },
    async geneSets(question) {
      const about = question.path ?? question.reference[0]!.path;
      const answer = await side.ask({ kind: 'gene-sets', ...question }, { about, seconds: limits.inspect });
      return answer as Result<'gene-sets:check'>;
    },
    engines() {
      engines ??= tried(side).catch((error: unknown) => {
        engines = null; // tried once, but a failure is not kept
        throw error;
      });
      return engines;
    },
    async testEngine(name) {
      const known = await this.engines();
      const question = { kind: 'engine', name } as const;
      const report = (await side.ask(question, { about: 'the engine', seconds: limits.engines })) as EngineReport;
      rememberReport(report);
      engines = Promise.resolve(known.map((old) => (old.name === name ? report : old)));
      return report;
    },
  };
}

/** Every engine, tried. What was found is handed to the runs that start from now on, which then try nothing themselves. */
async function tried(side: SideProcess): Promise<readonly EngineReport[]> {
  const question = { about: 'the engines', seconds: limits.engines };
  const reports = (await side.ask({ kind: 'engines' }, question)) as readonly EngineReport[];
  reports.forEach(rememberReport);
  return reports;
}
