import type { Result } from '#contract/requests';
import type { Cleanable } from '#contract/storage';

type Project = Result<'storage:list'>[number];

/** Something that can be removed from a project, and what is lost with it. */
export interface Cleaning {
  readonly kind: Cleanable;
  readonly title: string;
  readonly consequence: string;
  readonly runIds: readonly string[];
  readonly bytes: number;
}

/** What can be removed from the runs of a project that have ended; kinds that would free nothing are left out. */
export function cleaningsOf(project: Project): readonly Cleaning[] {
  const ended = project.runs.filter(({ run }) => run.state !== 'queued' && run.state !== 'running');
  const of = (kind: Cleanable, field: 'checkpointBytes' | 'explorerBytes' | 'columnBytes', words: Words): Cleaning => {
    const runs = ended.filter((line) => line[field] > 0);
    return {
      kind,
      ...words,
      runIds: runs.map(({ run }) => run.runId),
      bytes: runs.reduce((sum, line) => sum + line[field], 0),
    };
  };
  return [
    of('checkpoints', 'checkpointBytes', checkpoints),
    of('explorers', 'explorerBytes', explorers),
    of('columns', 'columnBytes', columns),
  ].filter((cleaning) => cleaning.bytes > 0);
}

type Words = Pick<Cleaning, 'title' | 'consequence'>;
const checkpoints: Words = {
  title: 'Remove checkpoints',
  consequence:
    'Runs that were cancelled, paused or interrupted can then no longer go on from where they were: resuming them starts from the first step. Finished runs keep no checkpoints.',
};
const explorers: Words = {
  title: 'Remove values by feature',
  consequence:
    'Labels, confidence, map, markers and figures stay. Colouring the map by a gene and the heatmap will have nothing to show for these runs; running the annotation again brings them back.',
};
const columns: Words = {
  title: 'Remove columns of cells',
  consequence:
    'Labels, confidence, map, markers and figures stay. The map of these runs can then no longer be coloured by the columns that the studies came with (batch, donor, cluster …); running the annotation again brings them back. Your own files stay as they are.',
};
