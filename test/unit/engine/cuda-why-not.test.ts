import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { missingLibraries } from '#engine/cuda/cuda-libraries';
import { readCards, tooNew } from '#engine/cuda/graphics-cards';
import { restoreOldUtil } from '#engine/cuda/old-util';
import { findTfjsNode } from '#engine/cuda/tfjs-node-package';
import { type CudaSurroundings, whyNotCuda } from '#engine/cuda/why-not-cuda';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

const complete: CudaSurroundings = {
  platform: 'linux',
  arch: 'x64',
  tfjsNode: { folder: 'the folder', hasBinding: true, hasLibrary: true },
  hasDriver: true,
  softwareAllowed: false,
};

describe('the quick check of the CUDA engine', () => {
  test.each(['linux', 'win32'] as const)('finds nothing wrong with a complete %s on x64', (platform) => {
    expect(whyNotCuda({ ...complete, platform })).toBeNull();
  });

  test.each([
    ['darwin', 'arm64'],
    ['darwin', 'x64'],
    ['linux', 'arm64'],
  ] as const)('says that %s on %s has no CUDA, and names nothing to install', (platform, arch) => {
    const hindrance = whyNotCuda({ ...complete, platform, arch });
    expect(hindrance?.reason).toContain(`${platform} on ${arch}`);
    expect(hindrance?.whatToInstall).toBeNull();
  });

  test('names the versions to install where no driver is visible, and the engine for other cards', () => {
    const { reason, whatToInstall } = whyNotCuda({ ...complete, hasDriver: false })!;
    expect(reason).toContain('No driver');
    expect(whatToInstall).toMatch(/CUDA 11\.2.*cuDNN 8\.1.*webgpu/);
  });

  test('names the package to install where it is absent', () => {
    const { reason, whatToInstall } = whyNotCuda({ ...complete, tfjsNode: null })!;
    expect(reason).toContain('@tensorflow/tfjs-node-gpu is not installed');
    expect(whatToInstall).toMatch(
      /npm install @tensorflow\/tfjs-node-gpu.*libtensorflow 2\.9\.1.*CELLPREDX_TFJS_NODE.*CUDA 11\.2/,
    );
  });

  test.each([
    [{ hasLibrary: false }, 'lacks libtensorflow 2.9.1,'],
    [{ hasBinding: false }, 'lacks its module for Node,'],
    [{ hasLibrary: false, hasBinding: false }, 'lacks libtensorflow 2.9.1 and its module for Node,'],
  ])('names the parts that the installation of the package did not fetch: %j', (parts, words) => {
    const { reason, whatToInstall } = whyNotCuda({ ...complete, tfjsNode: { ...complete.tfjsNode!, ...parts } })!;
    expect(reason).toContain(words);
    expect(reason).toContain('the folder');
    expect(whatToInstall).toContain('npm rebuild');
  });

  test('asks for no card where software is allowed, but still for the package', () => {
    const elsewhere = { ...complete, arch: 'arm64', hasDriver: false, softwareAllowed: true };
    expect(whyNotCuda(elsewhere)).toBeNull();
    expect(whyNotCuda({ ...elsewhere, tfjsNode: null })).not.toBeNull();
  });
});

describe('the package of the CUDA engine', () => {
  test('is found with the native parts that are there', () => {
    const folder = newFolder();
    expect(findTfjsNode(folder)).toBeNull(); // a folder without a package
    writeFileSync(join(folder, 'package.json'), '{}');
    expect(findTfjsNode(folder)).toEqual({ folder, hasBinding: false, hasLibrary: false });
    mkdirSync(join(folder, 'deps', 'lib'), { recursive: true });
    writeFileSync(join(folder, 'deps', 'lib', 'libtensorflow_framework.so.2'), ''); // not the library itself
    mkdirSync(join(folder, 'lib', 'napi-v8'), { recursive: true });
    expect(findTfjsNode(folder)).toEqual({ folder, hasBinding: false, hasLibrary: false });
    writeFileSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'), '');
    expect(findTfjsNode(folder)).toEqual({ folder, hasBinding: true, hasLibrary: false });
    writeFileSync(join(folder, 'deps', 'lib', 'libtensorflow.so.2.9.1'), '');
    expect(findTfjsNode(folder)).toEqual({ folder, hasBinding: true, hasLibrary: true });
  });

  test.each(['tensorflow.dll', 'libtensorflow.so.2', 'libtensorflow.2.dylib', 'libtensorflow_cc.so.2'])(
    'counts %s as libtensorflow',
    (name) => {
      const folder = newFolder();
      writeFileSync(join(folder, 'package.json'), '{}');
      mkdirSync(join(folder, 'deps', 'lib'), { recursive: true });
      writeFileSync(join(folder, 'deps', 'lib', name), '');
      expect(findTfjsNode(folder)?.hasLibrary).toBe(true);
    },
  );
});

describe('cards too new for libtensorflow 2.9.1', () => {
  test('are read from the words of nvidia-smi', () => {
    expect(readCards('NVIDIA GeForce RTX 3090, 8.6\nNVIDIA H200, 9.0\n')).toEqual([
      { name: 'NVIDIA GeForce RTX 3090', capability: 8.6 },
      { name: 'NVIDIA H200', capability: 9 },
    ]);
    expect(readCards('Field "compute_cap" is not a valid field to query.\n')).toEqual([]);
  });

  test('are refused by name and generation, with the engine that runs on them', () => {
    const { reason, whatToInstall } = tooNew(readCards('NVIDIA GeForce RTX 5090, 12.0'))!;
    expect(reason).toContain('NVIDIA GeForce RTX 5090 (compute capability 12.0)');
    expect(whatToInstall).toContain('webgpu');
  });

  test('do not hinder where an older card is beside them, or nothing is known of them', () => {
    expect(tooNew(readCards('NVIDIA GeForce RTX 5090, 12.0\nTesla T4, 7.5'))).toBeNull();
    expect(tooNew([])).toBeNull();
  });
});

test.skipIf(process.platform !== 'linux')('libraries that the loader does not find are named, others are not', () => {
  expect(missingLibraries(['libc.so.6', 'libno-such-library.so.1', 'libm.so.6'])).toEqual(['libno-such-library.so.1']);
});

test('what tfjs-node calls of node:util is there afterwards', () => {
  restoreOldUtil();
  const util = createRequire(import.meta.url)('node:util') as Record<string, (value: unknown) => boolean>;
  const of = (name: string): boolean[] => [undefined, null, 0, '', []].map((value) => util[name]!(value));
  expect(of('isNullOrUndefined')).toEqual([true, true, false, false, false]);
  expect(of('isArray')).toEqual([false, false, false, false, true]);
});
