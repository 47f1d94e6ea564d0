import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Makes bundles of measuring programs, as the application ships its own programs, and gives back their folder. Packages stay beside.
 * Carried out from its sources a program takes 30 MB more: Node takes the types away when it starts.
 */
export async function bundled(...measures: readonly string[]): Promise<string> {
  const outDir = `${root}/test-results/bench`;
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { external: true },
    build: {
      ...{ ssr: true, outDir, emptyOutDir: true, target: 'node24' },
      rolldownOptions: {
        input: measures.map((measure) => `${root}/bench/measure/${measure}.ts`),
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  return outDir;
}
