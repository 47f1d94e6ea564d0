import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Hindrance } from '../engine-driver.ts';
import { softwareAllowed } from '../webgpu/software-adapters.ts';
import { findTfjsNode, PACKAGE_FOLDER, type TfjsNodePackage } from './tfjs-node-package.ts';

/** What TensorFlow 2.9.1, the last version that tfjs reaches, was built for. */
export const neededVersions = 'CUDA 11.2 and cuDNN 8.1';

/** What the check looks at, so that tests can stand in for other computers. */
export interface CudaSurroundings {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly tfjsNode: TfjsNodePackage | null;
  readonly hasDriver: boolean;
  /** Set by tests: compute on the processor if there is no card. */
  readonly softwareAllowed: boolean;
}

/** A look that loads nothing native: the kind of computer, the driver of the card, the package and its parts. */
export function whyNotCuda(here: CudaSurroundings = surroundings()): Hindrance | null {
  if (!here.softwareAllowed) {
    if (here.arch !== 'x64' || (here.platform !== 'linux' && here.platform !== 'win32')) {
      return {
        reason: `TensorFlow has no CUDA for ${here.platform} on ${here.arch}, only for Linux and Windows on x64.`,
        whatToInstall: null,
      };
    }
    if (!here.hasDriver) {
      return {
        reason: 'No driver of an NVIDIA graphics card is visible.',
        whatToInstall: `With an NVIDIA card: install its driver, ${neededVersions}. Cards of other makers compute with the engine webgpu.`,
      };
    }
  }
  if (here.tfjsNode === null) {
    return {
      reason: 'The package @tensorflow/tfjs-node-gpu is not installed.',
      whatToInstall: `With a network, in any folder: npm install @tensorflow/tfjs-node-gpu@4.22, which fetches libtensorflow 2.9.1; then name the folder of the package in ${PACKAGE_FOLDER}. Besides ${neededVersions}.`,
    };
  }
  const { folder, hasBinding, hasLibrary } = here.tfjsNode;
  if (!hasBinding || !hasLibrary) {
    const absent = [hasLibrary ? [] : 'libtensorflow 2.9.1', hasBinding ? [] : 'its module for Node'].flat();
    return {
      reason: `The package in ${folder} lacks ${absent.join(' and ')}, which its installation fetches.`,
      whatToInstall: 'With a network, where it was installed: npm rebuild @tensorflow/tfjs-node-gpu.',
    };
  }
  return null;
}

function surroundings(): CudaSurroundings {
  return {
    platform: process.platform,
    arch: process.arch,
    tfjsNode: findTfjsNode(),
    hasDriver: driverFiles().some((file) => existsSync(file)),
    softwareAllowed: softwareAllowed(),
  };
}

/** Files of which one is there when the driver is: of Linux, of Linux within Windows, of Windows. */
function driverFiles(): readonly string[] {
  if (process.platform !== 'win32')
    return ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/nvidia0', '/dev/dxg'];
  return [join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'nvcuda.dll')];
}
