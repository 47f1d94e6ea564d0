/**
 * Every request the window can make, by name. Names only: the preload must stay one small file,
 * so the schemas are in `requests.ts`.
 */
export const channels = [
  'system:about',
  'files:choose',
  'files:browse',
  'files:announce',
  'sample:paths',
  'study:inspect',
  'match:check',
  'match:progress',
  'match:stop',
  'gene-sets:check',
  'methods:list',
  'engines:list',
  'engines:test',
  'storage:list',
  'storage:clean',
  'notices:get',
  'notices:set',
  'project:create',
  'project:open',
  'project:recent',
  'project:glance',
  'project:import',
  'project:export',
  'run:expect',
  'run:start',
  'run:cancel',
  'run:pause',
  'run:queue',
  'run:resume',
  'run:request',
  'run:list',
  'run:history',
  'run:result',
  'run:figures',
  'run:labels',
  'run:cells',
  'run:features',
  'run:feature-values',
  'run:columns',
  'run:column-values',
  'run:markers',
  'run:heatmap',
  'run:label-means',
  'run:why',
  'run:export',
] as const;
export type Channel = (typeof channels)[number];

/** Whether a name from outside is a channel. */
export function isChannel(name: unknown): name is Channel {
  return typeof name === 'string' && (channels as readonly string[]).includes(name);
}

/** The names under which Electron carries everything: requests to main; run events and commands of the menu to the window. */
export const carrier = {
  request: 'cellpredx:request',
  runEvent: 'cellpredx:run-event',
  command: 'cellpredx:command',
} as const;
