import type { RunSummary } from './run-result.ts';

/** What a project takes on the disk, in bytes. */
export interface ProjectStorage {
  readonly path: string;
  readonly name: string;
  /** Everything in its folder. */
  readonly bytes: number;
  /** Latest first. A file that several runs share counts for each of them. */
  readonly runs: readonly RunStorageLine[];
}

export interface RunStorageLine {
  readonly run: RunSummary;
  /** What the result needs. */
  readonly resultBytes: number;
  /** Copies by feature, which colouring by a gene and the heatmap read. */
  readonly explorerBytes: number;
  /** The studies' own columns of cells, which colour the map. */
  readonly columnBytes: number;
  /** From what a run that has not finished goes on. */
  readonly checkpointBytes: number;
}

/** What can be removed from the runs of a project without touching a result. */
export const cleanable = ['checkpoints', 'explorers', 'columns'] as const;
export type Cleanable = (typeof cleanable)[number];
