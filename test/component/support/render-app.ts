import { render } from '@testing-library/svelte';
import { vi } from 'vitest';
import type { Handlers } from '#contract/requests';
import { standIn, type StandIn } from '../../../src-renderer/api/stand-in.ts';
import App from '../../../src-renderer/App.svelte';
import { columns, columnValues, features, featureValues, markers, why } from './generated-explorers.ts';
import { engines, generatedResult, labelPage, matchReport, method, report } from './generated-study.ts';

export const projectPath = '/projects/Trial.cpx';

/** Services of a project whose one run, `run-1`, has finished. */
export const finished = {
  'run:list': () =>
    Promise.resolve([
      {
        runId: 'run-1',
        state: 'finished' as const,
        method: 'cellpredx',
        label: 'cell_type',
        reference: 'a.h5ad',
        query: 'b.h5ad',
        createdAt: '2026-01-01T00:00:00Z',
        endedAt: null,
      },
    ]),
};

/** The whole window at an address, over a stand-in that answers as well-behaved services would. */
export function renderApp(
  address: string,
  handlers: Partial<Handlers> = {},
  pathOf?: (file: File) => string | null,
): StandIn {
  location.hash = address;
  const result = generatedResult();
  const services = standIn(
    {
      'system:about': () =>
        Promise.resolve({
          version: '0.1.0',
          front: 'browser',
          platform: 'linux',
          threads: 2,
          memoryBytes: 8 * 2 ** 30,
          projectDirectory: '/projects',
        }),
      'methods:list': () => Promise.resolve([method]),
      'engines:list': () => Promise.resolve(engines),
      'project:recent': () => Promise.resolve([]),
      'project:glance': () => Promise.resolve({ runs: 0, last: null, thumbnail: null }),
      'project:create': ({ directory, name }) =>
        Promise.resolve({
          path: `${directory}/${name}.cpx`,
          name,
          createdAt: '2026-01-01T00:00:00Z',
          usedElsewhere: false,
        }),
      'study:inspect': ({ choice }) => Promise.resolve(report(choice.path)),
      'match:check': () => Promise.resolve(matchReport()),
      'run:expect': () =>
        Promise.resolve({ engine: 'CPU by WebAssembly SIMD, 2 threads', time: null, memory: null, by: null }),
      'run:queue': () => Promise.resolve([]),
      'notices:get': () => Promise.resolve({ on: null }),
      'run:list': () => Promise.resolve([]),
      'run:start': () => Promise.resolve({ runId: 'run-1' }),
      'run:result': () => Promise.resolve(result),
      'run:figures': () => Promise.resolve([]),
      'run:labels': (page) => Promise.resolve(labelPage(result, page)),
      'run:cells': ({ cells, threshold }) => {
        const { rows } = labelPage(result, { offset: 0, limit: result.query.cells, threshold });
        return Promise.resolve(cells.map((cell) => rows[cell]!));
      },
      'run:features': ({ text, limit }) => {
        const names = features.filter((name) => name.toLowerCase().includes(text.toLowerCase()));
        return Promise.resolve({ kept: true, reason: null, total: names.length, names: names.slice(0, limit) });
      },
      'run:feature-values': ({ feature }) => Promise.resolve(featureValues(result, feature)),
      'run:columns': () => Promise.resolve(columns),
      'run:column-values': ({ column }) => Promise.resolve(columnValues(result, column)),
      'run:markers': () => Promise.resolve(markers),
      'run:why': ({ cells }) => Promise.resolve(why(result, cells)),
      ...handlers,
    },
    pathOf,
  );
  render(App, { client: services.client });
  return services;
}

/** What jsdom lacks: it has no screen, so no colour scheme, no scrolling and no sizes that change. */
export function stubScreen({ dark = false } = {}): void {
  vi.stubGlobal('matchMedia', () => ({ matches: dark, addEventListener: () => undefined }));
  vi.stubGlobal('scrollTo', () => undefined);
  Element.prototype.scrollIntoView = () => undefined;
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = (): void => undefined;
      unobserve = (): void => undefined;
      disconnect = (): void => undefined;
    },
  );
}

/** The requests of one channel that were made, oldest first. */
export function askedOf(services: StandIn, channel: StandIn['asked'][number]['channel']): readonly unknown[] {
  return services.asked.filter((request) => request.channel === channel).map((request) => request.args);
}
