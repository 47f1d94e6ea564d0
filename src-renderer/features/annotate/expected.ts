import type { ParsedArgs, Result } from '#contract/requests';
import type { Draft } from '../../state/draft.svelte.ts';
import { bytes, duration } from '../../ui/format.ts';
import { presetValue, type Setting } from './settings.ts';

/** What is asked of the services about the run that a draft would start; null before both studies were compared. */
export function expectationOf(draft: Draft, settings: readonly Setting[]): ParsedArgs<'run:expect'> | null {
  const cells = [...draft.studies.reference, ...draft.studies.query].reduce(
    (sum, { report }) => sum + (report?.cells ?? 0),
    0,
  );
  const features = draft.match?.sharedFeatures ?? 0;
  if (cells === 0 || features === 0) return null;
  const steps = numberOf(draft, settings, 'steps');
  const batch = numberOf(draft, settings, 'batchSize');
  return {
    ...{ method: draft.method, engine: draft.engine, cells, features },
    ...(steps === null ? {} : { steps }),
    ...(batch === null ? {} : { batch }),
  };
}

function numberOf(draft: Draft, settings: readonly Setting[], name: string): number | null {
  const setting = settings.find((known) => known.name === name);
  if (setting === undefined) return null;
  const value = draft.settings[name] ?? presetValue(setting, draft.likelyScenario, draft.preset);
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
}

/** Time, memory and engine in one sentence, as ranges, with what they are told by. */
export function expectedText({ engine, time, memory, by }: Result<'run:expect'>): string {
  if (engine === null) return 'Nothing here can compute it: see the engine doctor.';
  const unknown = 'unknown until it has run once here';
  if (time === null) return `On ${engine}; time and memory are ${unknown}.`;
  const took = rangeText(time.map(rounded), duration);
  const needs = memory === null ? `Memory is ${unknown}.` : `Memory: ${rangeText(memory, bytes)}.`;
  const told = by === 'run' ? 'by the nearest run that has finished here' : 'by a trial of the engine';
  return `About ${took} on ${engine}, told ${told}. ${needs}`;
}

function rangeText(range: readonly number[], text: (value: number) => string): string {
  const [from, to] = range.map(text);
  return from === to ? from! : `${from} to ${to}`;
}

/** To 10 seconds below two minutes, to a minute below two hours, to 10 minutes above; never nothing. */
function rounded(ms: number): number {
  const unit = ms < 120_000 ? 10_000 : ms < 7_200_000 ? 60_000 : 600_000;
  return Math.max(1, Math.round(ms / unit)) * unit;
}
