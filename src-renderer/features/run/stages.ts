import type { RunEvent } from '#contract/run-events';

type StageId = Extract<RunEvent, { kind: 'stage' }>['stage'];

/** The stages of a run in order, as a person calls them. */
export const stages: readonly { readonly id: StageId; readonly title: string }[] = [
  { id: 'read', title: 'Read the files' },
  { id: 'prepare', title: 'Prepare and align' },
  { id: 'train', title: 'Train' },
  { id: 'predict', title: 'Label the query' },
  { id: 'interpret', title: 'Find the features that decide' },
  { id: 'layout', title: 'Draw the map' },
  { id: 'figures', title: 'Make figures' },
  { id: 'write', title: 'Keep the result' },
];
