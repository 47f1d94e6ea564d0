import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const text = (file: string): string => readFileSync(file, 'utf8');
const build = text('electron.vite.config.ts');

test('optional packages hold native code and stay outside the bundles', () => {
  const { optionalDependencies } = JSON.parse(text('package.json')) as { optionalDependencies: Record<string, string> };
  const [, outside] = /externalizeDeps: \{ include: \[([^\]]*)\]/.exec(build)!;
  expect(Object.keys(optionalDependencies).filter((name) => !outside!.includes(`'${name}'`))).toEqual([]);
});

test('the program that tries engines is built under the name by which it is started', () => {
  const [, name, source] = /'(engine-probe)': '([^']+)'/.exec(build)!;
  expect(existsSync(source!)).toBe(true);
  expect(text('src-main/engine/probe/try-engine.ts')).toContain(`'./${name}.js'`);
});

test('an installed application cannot be turned into a plain Node, inspected, or given other code', () => {
  const fuses = Object.fromEntries(
    [...text('electron-builder.yml').matchAll(/^ {2}(\w+): (true|false)$/gm)].map(([, name, on]) => [
      name,
      on === 'true',
    ]),
  );
  expect(fuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
});
