import type { RunEvent } from './run-events.ts';

const ends: readonly RunEvent['kind'][] = ['finished', 'cancelled', 'paused', 'failed', 'interrupted'];

/** Whether a run ends with this event. */
export function endsRun(event: Pick<RunEvent, 'kind'>): boolean {
  return ends.includes(event.kind);
}
