import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

/** Folder → folders it may import from besides itself. The order is the reading order. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src-main/core/base': [],
  'src-main/core/data': ['src-main/core/base'],
  'src-main/core/prepare': ['src-main/core/base', 'src-main/core/data'],
  'src-main/core/chromatin': ['src-main/core/base', 'src-main/core/data', 'src-main/core/prepare'],
  'src-main/core/simulate': ['src-main/core/base', 'src-main/core/data'],
  'src-main/core/train': ['src-main/core/base', 'src-main/core/data'],
  'src-main/core/methods': ['src-main/core/base', 'src-main/core/data', 'src-main/core/prepare', 'src-main/core/train'],
  'src-main/core/transfer': ['src-main/core/base', 'src-main/core/data', 'src-main/core/train'],
  'src-main/core/interpret': [
    'src-main/core/base',
    'src-main/core/data',
    'src-main/core/train',
    'src-main/core/transfer',
  ],
  'src-main/core/assess': [
    'src-main/core/base',
    'src-main/core/data',
    'src-main/core/prepare',
    'src-main/core/transfer',
  ],
  'src-main/core/figures': [
    'src-main/core/prepare',
    'src-main/core/base',
    'src-main/core/data',
    'src-main/core/transfer',
    'src-main/core/interpret',
    'src-main/core/assess',
  ],
  'src-main/core': ['src-main/core'],
  'src-main/engine': [
    'src-main/core/base',
    'src-main/core/data',
    'src-main/core/prepare',
    'src-main/core/train',
    'src-main/core/methods',
    'src-main/core/interpret',
  ],
  'src-main/formats': ['src-main/core/base', 'src-main/core/data', 'src-main/core/prepare', 'src-main/core/chromatin'],
  'src-main/store': ['src-main/core/base', 'src-main/core/data', 'src-main/core/train', 'src-preload/contract'],
  'src-main/compute-process': [
    'src-main/core',
    'src-main/engine',
    'src-main/formats',
    'src-main/store',
    'src-preload/contract',
    'src-renderer/charts',
  ],
  'src-main/jobs': ['src-main/core/base', 'src-main/store', 'src-main/compute-process', 'src-preload/contract'],
  'src-main/handlers': [
    'src-main/core',
    'src-main/engine',
    'src-main/formats',
    'src-main/store',
    'src-main/jobs',
    'src-main/compute-process',
    'src-preload/contract',
    'src-renderer/charts',
  ],
  'src-main/browser-host': [
    'src-main/core/base',
    'src-main/handlers',
    'src-main/jobs',
    'src-main/store',
    'src-preload/contract',
  ],
  'src-main/app': ['src-main/core/base', 'src-main/handlers', 'src-main/jobs', 'src-main/store', 'src-preload'],
  'src-main/cli': [
    'src-main/handlers',
    'src-main/core',
    'src-main/engine',
    'src-main/formats',
    'src-main/store',
    'src-main/jobs',
    'src-main/compute-process',
    'src-preload/contract',
    'src-renderer/charts',
  ],
  'src-preload/contract': [
    'src-main/core/base',
    'src-main/core/data',
    'src-main/core/prepare',
    'src-main/core/figures',
    'src-main/formats/inspect',
  ],
  'src-preload': ['src-preload/contract'],
  'src-renderer/ui': [],
  'src-renderer/charts': ['src-main/core/base', 'src-main/core/figures', 'src-renderer/ui'],
  'src-renderer': [
    'src-renderer',
    'src-preload/contract',
    'src-main/core/base',
    'src-main/core/data',
    'src-main/core/figures',
  ],
};

/** Layers that may name types of others (`import type`), which leave no trace at run time. */
const mayNameTypesOf: Readonly<Record<string, readonly string[]>> = {
  'src-preload/contract': ['src-main/core', 'src-main/engine', 'src-main/formats'],
  'src-renderer': ['src-main/core', 'src-main/formats/inspect', 'src-main/engine'],
};

/** Each outside library is imported in the folders named and nowhere else. */
const libraryHomes: Readonly<Record<string, readonly string[]>> = {
  h5wasm: ['src-main/formats'],
  'better-sqlite3': ['src-main/store'],
  echarts: ['src-renderer/charts'],
  'scran.js': ['src-main/engine'],
  '@tensorflow/tfjs-core': [
    'src-main/core/train',
    'src-main/core/methods',
    'src-main/core/interpret',
    'src-main/engine',
  ],
  '@tensorflow/tfjs-backend-wasm': ['src-main/engine'],
  '@tensorflow/tfjs-backend-cpu': ['src-main/engine'],
  '@tensorflow/tfjs-backend-webgpu': ['src-main/engine/webgpu'],
  webgpu: ['src-main/engine/webgpu'],
  electron: ['src-main/app', 'src-main/index.ts', 'src-preload'],
  'csv-parse': ['src-main/formats'],
  yaml: ['src-main/cli'],
  ws: ['src-main/browser-host'],
  'twgl.js': ['src-renderer/charts'],
  marked: ['src-renderer/features/help'],
  svelte: ['src-renderer'],
  'bits-ui': ['src-renderer/ui'],
};

const names: Readonly<Record<string, string>> = JSON.parse(readFileSync('package.json', 'utf8')).imports;
const layers = Object.keys(mayImport).sort((a, b) => b.length - a.length);
const layerOf = (path: string): string | undefined => layers.find((layer) => path.startsWith(`${layer}/`));
const sources = ['src-main', 'src-preload', 'src-renderer'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => /\.(ts|svelte)$/.test(name)),
);
const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from |import |import\()\s*'([^']+)'/g)].map((match) => match[1]!);

/** Whether every import of `specifier` in the file is `import type` or `export type`. */
function typeOnly(file: string, specifier: string): boolean {
  const statements = readFileSync(file, 'utf8')
    .split(/;\s*\n/)
    .filter((part) => part.includes(`'${specifier}'`));
  return statements.every((part) => /(?:^|\n)\s*(?:import|export) type [^;]*$/.test(part));
}

/** Where `#core/x` and `../x` lead to, as a path from the root; undefined for packages and Node's own. */
function target(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  if (!specifier.startsWith('#')) return undefined;
  for (const [name, path] of Object.entries(names)) {
    const prefix = name.replace('*', '');
    if (specifier.startsWith(prefix)) return path.slice(2).replace('*', specifier.slice(prefix.length));
  }
  throw new Error(`${file} imports ${specifier}, which package.json does not name`);
}

/** A layer may be named exactly, or as a folder that holds it. */
const within = (layer: string, allowed: readonly string[]): boolean =>
  allowed.some((name) => layer === name || layer.startsWith(`${name}/`));

test('every file lies in a folder of the plan', () => {
  const entries = ['src-main/index.ts', 'src-main/cli.ts'];
  expect(sources.filter((file) => layerOf(file) === undefined && !entries.includes(file))).toEqual([]);
});

test.each(sources.filter((file) => layerOf(file) !== undefined))(
  '%s imports only from its own layer and the ones before it',
  (file) => {
    const own = layerOf(file)!;
    for (const specifier of importsOf(file)) {
      const path = target(file, specifier);
      if (path === undefined) continue;
      const layer = layerOf(path);
      expect(layer, `${specifier} leads outside the plan`).toBeDefined();
      const types = typeOnly(file, specifier) ? (mayNameTypesOf[own] ?? []) : [];
      expect(within(layer!, [own, ...mayImport[own]!, ...types]), `${own} must not import ${specifier}`).toBe(true);
    }
  },
);

test.each(sources.filter((file) => file.startsWith('src-main/core/')))(
  '%s runs without Node, Electron or a page',
  (file) => {
    for (const specifier of importsOf(file)) {
      if (/^[.#]/.test(specifier)) continue;
      expect(['zod', '@tensorflow/tfjs-core'], specifier).toContain(specifier);
    }
  },
);

test.each(Object.entries(libraryHomes))('%s is imported in its own folder only', (library, homes) => {
  const users = sources.filter((file) =>
    importsOf(file).some((specifier) => specifier === library || specifier.startsWith(`${library}/`)),
  );
  expect(users.filter((file) => !homes.some((home) => file === home || file.startsWith(`${home}/`)))).toEqual([]);
});
