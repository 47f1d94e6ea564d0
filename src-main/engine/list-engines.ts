import { engineDrivers } from './engine-drivers.ts';
import type { EngineName, EngineReport } from './engine-report.ts';
import { rememberedReport, rememberReport } from './probe/remembered-reports.ts';
import { type TrialOptions, tryEngine } from './probe/try-engine.ts';

/**
 * Every engine with whether it can compute here, why, what to install, and how fast it is. Each is tried once, one after the other,
 * in a process of its own that measures for about a second; what was found is remembered.
 */
export async function listEngines(options: TrialOptions = {}): Promise<readonly EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const driver of [engineDrivers.wasm, engineDrivers.webgpu, engineDrivers.cuda]) {
    const report = rememberedReport(driver.name) ?? (await tryEngine(driver, options));
    rememberReport(report);
    reports.push(report);
  }
  return reports;
}

/** Tries one engine, whatever was found before, and remembers what is found now. */
export async function testEngine(name: EngineName, options: TrialOptions = {}): Promise<EngineReport> {
  const report = await tryEngine(engineDrivers[name], options);
  rememberReport(report);
  return report;
}
