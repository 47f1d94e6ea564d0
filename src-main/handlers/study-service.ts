import type { Result } from '#contract/requests';
import type { EngineReport } from '#engine/engine-report';
import { rememberReport } from '#engine/probe/remembered-reports';
import type { PreflightReport } from '#formats/inspect/preflight-report';
import type { StudyService } from './services.ts';
import type { SideProcess } from './side-process.ts';

/** Seconds after which a question is given up. */
const limits = { inspect: 120, match: 600, engines: 180 } as const;

/** Looks into files and tries engines in the side process. */
export function studyService(side: SideProcess): StudyService {
  let engines: Promise<readonly EngineReport[]> | null = null;
  return {
    inspect: async (choice) =>
      (await side.ask({ kind: 'inspect', choice }, { about: choice.path, seconds: limits.inspect })) as PreflightReport,
    match: async (question) =>
      (await side.ask(
        { kind: 'match', ...question },
        { about: question.query[0]!.path, seconds: limits.match },
      )) as Result<'match:check'>,
    engines() {
      engines ??= tried(side).catch((error: unknown) => {
        engines = null; // tried once, but a failure is not kept
        throw error;
      });
      return engines;
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
