import type { Database } from 'better-sqlite3';
import type { StepMetrics } from '../rows.ts';

/** A step that is there already is replaced: a resumed run repeats steps after its checkpoint. */
export function addSteps(db: Database, runId: string, steps: readonly StepMetrics[]): void {
  const add = db.prepare(
    'INSERT OR REPLACE INTO run_step (run_id, step, term, value, position) VALUES (?, ?, ?, ?, ?)',
  );
  for (const { step, terms } of steps)
    Object.entries(terms).forEach(([term, value], position) =>
      add.run(runId, step, term, value !== null && Number.isFinite(value) ? value : null, position),
    );
}

/** Steps in order, terms of a step in the order in which they were reported. */
export function stepsOfRun(db: Database, runId: string, afterStep: number): StepMetrics[] {
  const rows = db
    .prepare<[string, number], { step: number; term: string; value: number | null }>(
      'SELECT step, term, value FROM run_step WHERE run_id = ? AND step > ? ORDER BY step, position',
    )
    .all(runId, afterStep);
  const steps: { step: number; terms: Record<string, number | null> }[] = [];
  for (const { step, term, value } of rows) {
    if (steps.at(-1)?.step !== step) steps.push({ step, terms: {} });
    steps.at(-1)!.terms[term] = value;
  }
  return steps;
}

export function forgetStepsAfter(db: Database, runId: string, step: number): void {
  db.prepare('DELETE FROM run_step WHERE run_id = ? AND step > ?').run(runId, step);
}

export function copySteps(db: Database, from: string, to: string): void {
  db.prepare(
    'INSERT INTO run_step (run_id, step, term, value, position) SELECT ?, step, term, value, position FROM run_step WHERE run_id = ?',
  ).run(to, from);
}
