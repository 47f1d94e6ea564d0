import type { EngineName, EngineReport } from '../engine-report.ts';

/**
 * What trials found holds as long as the application runs. It is kept in an environment variable, which every process that this
 * one starts inherits: a run does not try again what the list of engines has tried.
 */
const VARIABLE = 'CELLPREDX_ENGINES_TRIED';

/** Keeps a report for this process and those it starts from now on. */
export function rememberReport(report: EngineReport): void {
  const others = all().filter(({ name }) => name !== report.name);
  process.env[VARIABLE] = JSON.stringify([...others, report]);
}

/** What the trial of this engine found; null if it was not tried. */
export function rememberedReport(name: EngineName): EngineReport | null {
  return all().find((report) => report.name === name) ?? null;
}

function all(): readonly EngineReport[] {
  const text = process.env[VARIABLE];
  return text === undefined || text === '' ? [] : (JSON.parse(text) as EngineReport[]);
}
