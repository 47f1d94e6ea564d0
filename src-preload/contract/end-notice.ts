import type { RunEvent } from './run-events.ts';
import type { RunSummary } from './run-result.ts';

/** What a notification of the system says. */
export interface EndNotice {
  readonly title: string;
  readonly body: string;
}

const titles: Readonly<Partial<Record<RunEvent['kind'], string>>> = {
  finished: 'Labels are ready',
  failed: 'A run could not finish',
  interrupted: 'A run was interrupted',
};

/** What to tell at the end of a run; null for an end that a person asked for, and for events that are none. */
export function endNotice(event: Pick<RunEvent, 'kind'>, run: RunSummary | undefined): EndNotice | null {
  const title = titles[event.kind];
  if (title === undefined) return null;
  return { title, body: run === undefined ? 'CellPredX Studio' : `${run.reference} → ${run.query}` };
}
