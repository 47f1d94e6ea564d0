import { existsSync, globSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Makes the graphics card that a browser brings as a program (SwiftShader) visible to WebGPU, where no real card is meant to be used.
 * Chrome and Chromium carry it with its description for the Vulkan loader. Gives back why there is none; null if one was found.
 */
export function softwareCard(): string | null {
  if (process.platform !== 'linux') return 'the software graphics card is looked for on Linux only';
  const description = folders()
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .find((path) => existsSync(path));
  if (description === undefined) return 'no Chrome or Chromium here that brings the software graphics card SwiftShader';
  process.env['VK_ICD_FILENAMES'] = description;
  if (!loadsVulkan(dirname(description))) return 'neither the system nor the browser has a Vulkan loader (libvulkan1)';
  return null;
}

function folders(): string[] {
  const chrome = process.env['CHROME_PATH'];
  return [
    ...(chrome === undefined ? [] : [dirname(chrome)]),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    '/opt/microsoft/msedge',
    ...globSync(join(homedir(), '.cache/ms-playwright/chromium*/chrome-linux*')),
  ];
}

/** RTLD_NODELETE of Linux, which Node does not name: Node closes what is no module of its own, and it must stay. */
const STAYS = 0x1000;

/** Loads the system's Vulkan loader, or the one of the browser: WebGPU then finds it in the process. */
function loadsVulkan(browser: string): boolean {
  return ['libvulkan.so.1', join(browser, 'libvulkan.so.1')].some((library) => {
    try {
      process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | STAYS);
      return true;
    } catch (error) {
      return error instanceof Error && error.message.includes('did not self-register'); // loaded; it is no module of Node
    }
  });
}
