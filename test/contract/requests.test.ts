import { describe, expect, test } from 'vitest';
import { channels, isChannel } from '#contract/channels';
import { requests } from '#contract/requests';
import { endsRun } from '#contract/run-end';
import { RunEvent } from '#contract/run-events';

const study = { path: '/data/a.h5ad' };
/** The least that each channel accepts. */
const least = {
  'system:about': {},
  'files:choose': { purpose: 'study-files' },
  'files:browse': { path: null },
  'files:announce': { name: 'a.h5ad', sizeBytes: 10, together: 'abcdefghij0123456789' },
  'sample:paths': {},
  'study:inspect': { choice: study },
  'match:check': { reference: [study], query: [study], label: 'cell_type' },
  'match:progress': { question: 'q1' },
  'match:stop': { question: 'q1' },
  'gene-sets:check': { reference: [study], query: [study] },
  'methods:list': {},
  'engines:list': {},
  'engines:test': { name: 'webgpu' },
  'storage:list': {},
  'storage:clean': { projectPath: '/data/PBMC.cpx', what: 'checkpoints', runIds: ['r1'] },
  'notices:get': {},
  'notices:set': { on: true },
  'project:create': { directory: '/data', name: 'PBMC' },
  'project:open': { path: '/data/PBMC.cpx' },
  'project:recent': {},
  'project:glance': { path: '/data/PBMC.cpx' },
  'project:export': { path: '/data/PBMC.cpx', directory: '/data' },
  'project:import': { archive: '/data/PBMC.zip', directory: '/data' },
  'run:expect': { method: 'cellpredx', cells: 2400, features: 900 },
  'run:start': { projectPath: '/data/PBMC.cpx', request: { reference: [study], query: [study], label: 'cell_type' } },
  'run:cancel': { runId: 'r1' },
  'run:pause': { runId: 'r1' },
  'run:queue': {},
  'run:resume': { projectPath: '/data/PBMC.cpx', runId: 'r1' },
  'run:request': { projectPath: '/data/PBMC.cpx', runId: 'r1' },
  'run:list': { projectPath: '/data/PBMC.cpx' },
  'run:history': { runId: 'r1' },
  'run:result': { projectPath: '/data/PBMC.cpx', runId: 'r1' },
  'run:figures': { projectPath: '/data/PBMC.cpx', runId: 'r1' },
  'run:labels': { projectPath: '/data/PBMC.cpx', runId: 'r1', offset: 0, limit: 50 },
  'run:cells': { projectPath: '/data/PBMC.cpx', runId: 'r1', cells: [0] },
  'run:features': { projectPath: '/data/PBMC.cpx', runId: 'r1', text: '' },
  'run:feature-values': { projectPath: '/data/PBMC.cpx', runId: 'r1', feature: 'CD3E' },
  'run:columns': { projectPath: '/data/PBMC.cpx', runId: 'r1' },
  'run:column-values': { projectPath: '/data/PBMC.cpx', runId: 'r1', column: 'batch' },
  'run:markers': { projectPath: '/data/PBMC.cpx', runId: 'r1' },
  'run:heatmap': { projectPath: '/data/PBMC.cpx', runId: 'r1', features: ['CD3E'], level: 0, tile: 0 },
  'run:label-means': { projectPath: '/data/PBMC.cpx', runId: 'r1', features: ['CD3E'] },
  'run:why': { projectPath: '/data/PBMC.cpx', runId: 'r1', cells: [3] },
  'run:export': { projectPath: '/data/PBMC.cpx', runId: 'r1', directory: '/data/out' },
} as const satisfies Record<(typeof channels)[number], object>;

describe.each(channels)('%s', (channel) => {
  test('accepts the least it needs', () => {
    expect(requests[channel].safeParse(least[channel]).error).toBeUndefined();
  });

  test('refuses keys that are not named', () => {
    expect(requests[channel].safeParse({ ...least[channel], extra: 1 }).success).toBe(false);
  });

  test('refuses each missing key', () => {
    for (const key of Object.keys(least[channel])) {
      const without = Object.fromEntries(Object.entries(least[channel]).filter(([name]) => name !== key));
      expect(requests[channel].safeParse(without).success, key).toBe(false);
    }
  });

  test.each([null, undefined, 'text', 7, []])('refuses %j', (args) => {
    expect(requests[channel].safeParse(args).success).toBe(false);
  });
});

test.each([
  ['run:labels', { ...least['run:labels'], limit: 1001 }],
  ['run:labels', { ...least['run:labels'], offset: -1 }],
  ['run:cells', { ...least['run:cells'], cells: [] }],
  ['run:cells', { ...least['run:cells'], cells: [0.5] }],
  ['run:cells', { ...least['run:cells'], cells: Array.from({ length: 1001 }, (_, cell) => cell) }],
  ['run:features', { ...least['run:features'], limit: 0 }],
  ['run:feature-values', { ...least['run:feature-values'], feature: '' }],
  ['run:column-values', { projectPath: '/data/PBMC.cpx', runId: 'r1' }],
  ['run:column-values', { ...least['run:column-values'], column: 'x'.repeat(65_536) }],
  ['run:heatmap', { ...least['run:heatmap'], features: [] }],
  ['run:heatmap', { ...least['run:heatmap'], labels: [-1] }],
  ['run:label-means', { ...least['run:label-means'], features: [] }],
  ['run:heatmap', { ...least['run:heatmap'], features: Array.from({ length: 65 }, () => 'A') }],
  ['run:heatmap', { ...least['run:heatmap'], level: -1 }],
  ['run:why', { ...least['run:why'], cells: [] }],
  ['run:why', { ...least['run:why'], cells: [-1] }],
  ['run:history', { runId: 'r1', after: -2 }],
  ['run:history', { runId: '' }],
  ['project:create', { directory: '/data', name: '   ' }],
  ['files:choose', { purpose: 'anything' }],
  ['files:announce', { ...least['files:announce'], sizeBytes: -1 }],
  ['files:announce', { ...least['files:announce'], together: '../../elsewhere-0000' }],
  ['study:inspect', { choice: { path: '' } }],
  ['study:inspect', { choice: { path: 'a', repairs: [{ kind: 'format-disk' }] } }],
  ['match:check', { ...least['match:check'], reference: [] }],
  ['run:start', { projectPath: 'p', request: { ...least['run:start'].request, seed: 1.5 } }],
  ['run:start', { projectPath: 'p', request: { ...least['run:start'].request, threshold: 2 } }],
] as const)('%s refuses %j', (channel, args) => {
  expect(requests[channel].safeParse(args).success).toBe(false);
});

test('a channel is known by its exact name', () => {
  expect(channels.every(isChannel)).toBe(true);
  for (const name of ['run:Start', 'toString', '__proto__', '', 3, null]) expect(isChannel(name)).toBe(false);
});

test('a run ends with finished, cancelled, failed, paused or interrupted, and with nothing else', () => {
  const kinds = RunEvent.options.map((option) => option.shape.kind.value);
  expect(kinds.filter((kind) => endsRun({ kind }))).toEqual([
    'finished',
    'cancelled',
    'failed',
    'paused',
    'interrupted',
  ]);
});
