import type { RunEvent } from './run-events.ts';

/** Whether a run ends with this event. */
export function endsRun(event: Pick<RunEvent, 'kind'>): boolean {
  return (
    event.kind === 'finished' || event.kind === 'cancelled' || event.kind === 'failed' || event.kind === 'interrupted'
  );
}
