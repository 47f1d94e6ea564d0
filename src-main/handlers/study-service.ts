import type { Result } from '#contract/requests';
import type { EngineReport } from '#engine/engine-report';
import type { PreflightReport } from '#formats/inspect/preflight-report';
import type { StudyService } from './services.ts';
import type { SideProcess } from './side-process.ts';

/** Seconds after which a question is given up. */
const limits = { inspect: 120, match: 600, engines: 120 } as const;

/** Looks into files and probes engines in the side process. */
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
      engines ??= (
        side.ask({ kind: 'engines' }, { about: 'the engines', seconds: limits.engines }) as Promise<EngineReport[]>
      ).catch((error: unknown) => {
        engines = null; // probed once, but a failure is not kept
        throw error;
      });
      return engines;
    },
  };
}
