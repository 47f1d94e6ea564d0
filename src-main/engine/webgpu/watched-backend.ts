import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { BackendValues } from '@tensorflow/tfjs-core';
import { AppError } from '#core/base/app-error';

/**
 * The WebGPU backend of tfjs, whose faults are heard. A graphics card reports errors beside the work, and a result that is read
 * after one would be zeros: every reading looks first whether the card is still there and took all that was asked of it.
 */
export class WatchedBackend extends WebGPUBackend {
  readonly #card: string;
  #fault: Error | null = null;

  /** @param card name of the card, for messages */
  constructor(device: GPUDevice, info: GPUAdapterInfo, card: string) {
    super(device, info);
    this.#card = card;
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#fault ??= this.#meaning(error);
    });
    void device.lost.then(({ reason, message }) => {
      this.#fault = new AppError('training.graphics-card-lost', { card, reason: firstLine(message) || reason });
    });
    this.#refuseOversized();
  }

  override async read(dataId: object): Promise<BackendValues> {
    try {
      const values = await super.read(dataId);
      if (this.#fault !== null) throw this.#fault;
      return values;
    } catch (error) {
      await new Promise(setImmediate); // the loss of a card is told a moment after work on it fails
      throw this.#fault ?? error;
    }
  }

  override readSync(dataId: object): BackendValues {
    const { values } = this.tensorMap.get(dataId);
    if (values === null || values === undefined) {
      throw new Error('Numbers on a graphics card are read with data(), not dataSync().');
    }
    return values;
  }

  /** No piece of memory may be larger than the card takes: said before the work, with both sizes. */
  #refuseOversized(): void {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    const manager = this.bufferManager;
    const acquire = manager.acquireBuffer.bind(manager);
    manager.acquireBuffer = (size, ...rest) => {
      if (size > limit) {
        throw new AppError('training.too-much-for-graphics-card', {
          card: this.#card,
          needed: megabytes(size),
          limit: megabytes(limit),
        });
      }
      return acquire(size, ...rest);
    };
  }

  #meaning(error: GPUError): Error {
    if (error instanceof GPUOutOfMemoryError) {
      const needed = megabytes(this.bufferManager.numBytesAllocated);
      return new AppError('training.graphics-memory-full', { card: this.#card, needed });
    }
    return new Error(`the graphics card refused work: ${error.message}`);
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MB`;
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]!;
}
