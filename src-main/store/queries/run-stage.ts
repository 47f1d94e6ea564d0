import type { Database } from 'better-sqlite3';
import type { StageTime } from '../rows.ts';

export function addStages(db: Database, runId: string, stages: readonly StageTime[]): void {
  const add = db.prepare('INSERT INTO run_stage (run_id, position, stage, elapsed_ms) VALUES (?, ?, ?, ?)');
  stages.forEach(({ stage, elapsedMs }, position) => add.run(runId, position, stage, elapsedMs));
}

export function stagesOfRun(db: Database, runId: string): StageTime[] {
  return db
    .prepare<[string], StageTime>(
      'SELECT stage, elapsed_ms AS elapsedMs FROM run_stage WHERE run_id = ? ORDER BY position',
    )
    .all(runId);
}
