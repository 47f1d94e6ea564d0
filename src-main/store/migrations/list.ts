import type { Migration } from '../migration.ts';
import { migration as runs } from './0001-runs.ts';
import { migration as checkpoints } from './0002-checkpoints.ts';
import { migration as inputsAndReuse } from './0003-inputs-and-reuse.ts';

/** All steps in order; the last one's version is what this application writes. */
export const migrations: readonly Migration[] = [runs, checkpoints, inputsAndReuse];
