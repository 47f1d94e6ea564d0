import type { CheckpointKeeper, NamedArrays } from '#core/train/method';
import type { ProjectWriter } from '#store/project';
import type { PauseWish } from './pause-wish.ts';
import type { StepWriter } from './step-writer.ts';

interface CheckpointChoices {
  readonly every: number;
  readonly minIntervalMs: number;
}

/**
 * Keeps the checkpoints of a run in its project. The steps before a checkpoint are written first, so that the loss
 * curve of a resumed run has no gap. A checkpoint that comes sooner than `minIntervalMs` after the last is left out, unless
 * the run is to pause.
 */
export function projectCheckpoints(
  project: ProjectWriter,
  run: { readonly id: string; readonly attempt: number },
  steps: StepWriter,
  { every, minIntervalMs }: CheckpointChoices,
  now: () => number,
  pause: PauseWish,
): CheckpointKeeper & { readonly resumed: boolean } {
  let savedAt = now();
  let resumed = false;
  const stored = async (): Promise<NamedArrays | null> => {
    const found = await project.loadCheckpoint(run.id);
    resumed ||= found !== null;
    return found as NamedArrays | null; // what comes back is what `save` was given
  };
  return {
    get every() {
      return pause.asked ? 1 : every;
    },
    get resumed() {
      return resumed;
    },
    async load() {
      pause.begins();
      return await stored();
    },
    peek: stored,
    save(checkpoint) {
      if (!pause.asked && now() - savedAt < minIntervalMs) return Promise.resolve();
      steps.flush();
      project.saveCheckpoint(run.id, run.attempt, checkpoint);
      savedAt = now();
      pause.kept();
      return Promise.resolve();
    },
  };
}
