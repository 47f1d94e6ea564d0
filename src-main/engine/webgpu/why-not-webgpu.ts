import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Hindrance } from '../engine-driver.ts';
import { softwareAllowed } from './software-adapters.ts';

/** What to do where no graphics card answers. */
export const installDriver: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux:
    'Install the Vulkan loader and the driver of the graphics card: libvulkan1 with mesa-vulkan-drivers for AMD and Intel, or the driver of NVIDIA.',
  win32: 'Install the newest driver of the graphics card from its maker.',
};

/** What to do where a graphics card answers and does not compute as it should; of macOS the driver is a part. */
export const newestDriver: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Install the newest driver of the graphics card (of AMD and Intel: mesa-vulkan-drivers).',
  win32: installDriver.win32!,
  darwin: 'Install the newest updates of macOS, which bring the driver of the graphics card.',
};

/** A look that loads nothing native: whether the package is there, and on Linux whether any graphics card is visible. */
export function whyNotWebGpu(): Hindrance | null {
  try {
    createRequire(import.meta.url).resolve('webgpu');
  } catch {
    return {
      reason: 'The package webgpu is not installed.',
      whatToInstall: 'Install it: npm install webgpu.',
    };
  }
  if (process.platform === 'linux' && !softwareAllowed() && !linuxShowsCard()) {
    return {
      reason: 'No graphics card is visible.',
      whatToInstall:
        'Start the application where the graphics card is visible (in a container, pass /dev/dri or the NVIDIA devices in).',
    };
  }
  return null;
}

/** Drivers of Linux show a card as a file in /dev: Mesa and NVIDIA as a render node, NVIDIA without display as nvidia0, WSL as dxg. */
function linuxShowsCard(): boolean {
  return (
    names('/dev').some((name) => /^nvidia\d+$|^dxg$/.test(name)) || names('/dev/dri').some((n) => /^renderD/.test(n))
  );
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
