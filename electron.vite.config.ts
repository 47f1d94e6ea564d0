import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

/**
 * Three bundles in `out/`. `main` holds the desktop entry and the three programs that plain Node runs; all files of it
 * lie side by side, because some look for `package.json` and `resources` two folders up. The preload is one CommonJS
 * file, as a sandboxed window needs it. The page serves the desktop window and the browser front alike.
 */
export default defineConfig({
  main: {
    build: {
      target: 'node24',
      // Optional packages, which are not looked for by themselves: they hold native code and stay in node_modules.
      externalizeDeps: { include: ['webgpu', '@tensorflow/tfjs-node-gpu'] },
      rolldownOptions: {
        input: {
          index: 'src-main/index.ts',
          'compute-process': 'src-main/compute-process/index.ts',
          'inspect-process': 'src-main/handlers/inspect-process.ts',
          'engine-probe': 'src-main/engine/probe/probe-program.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      rolldownOptions: {
        input: { index: 'src-preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [svelte()],
    build: {
      outDir: 'out/renderer',
      minify: true,
      chunkSizeWarningLimit: 1500,
      emptyOutDir: true,
      rolldownOptions: { input: 'src-renderer/index.html' },
      // a data: address of a script or style would break the policy of the page
      assetsInlineLimit: 0,
    },
  },
});
