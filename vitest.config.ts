import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

const suite = (name: string) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    setupFiles: ['test/support/fail-on-warning.ts', 'test/support/seeded-properties.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default defineConfig({
  test: {
    maxWorkers: '100%', // the default leaves a core idle, which is half of a small machine
    projects: [
      ...[
        'unit',
        'property',
        'golden',
        'backends',
        'conformance',
        'contract',
        'store',
        'structure',
        'formats',
        'stories',
      ].map(suite),
      {
        plugins: [svelte(), svelteTesting()],
        test: {
          name: 'component',
          include: ['test/component/**/*.test.ts'],
          environment: 'jsdom',
          setupFiles: ['test/support/fail-on-warning.ts', 'test/support/seeded-properties.ts'],
        },
      },
    ],
  },
});
