import type * as dawn from 'webgpu';
import { CannotStart } from '../engine-driver.ts';
import { adapterName, isSoftware, softwareAllowed } from './software-adapters.ts';
import { installDriver } from './why-not-webgpu.ts';

export interface FoundAdapter {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  readonly name: string;
}

/**
 * Loads Dawn, the WebGPU of Chrome as a Node module, and asks for the fastest graphics card. Puts the names of WebGPU
 * (`GPUBufferUsage`, …) into the global scope, where the tfjs backend looks for them. Throws `CannotStart`.
 */
export async function findAdapter(): Promise<FoundAdapter> {
  const { create, globals } = await loadDawn();
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) {
    throw new CannotStart({
      reason: 'No graphics card with a driver that WebGPU can use was found.',
      whatToInstall: installDriver[process.platform] ?? null,
    });
  }
  const name = adapterName(adapter.info);
  if (isSoftware(adapter.info) && !softwareAllowed()) {
    throw new CannotStart({
      reason: `The only graphics card is ${name}, a program that runs on the processor and is slower than WebAssembly.`,
      whatToInstall: installDriver[process.platform] ?? null,
    });
  }
  return { gpu, adapter, name };
}

async function loadDawn(): Promise<typeof dawn> {
  try {
    return await import('webgpu');
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.split('\n', 1)[0]! : String(cause);
    throw new CannotStart(
      {
        reason: `The package webgpu could not be loaded (${words}).`,
        whatToInstall: 'Install the application again, or from a clone: npm install webgpu.',
      },
      { cause },
    );
  }
}
