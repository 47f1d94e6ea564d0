import { type WebGPUBackend, webgpu_util } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { orderedScatterProgram } from './sparse-programs.ts';

/**
 * Replaces kernels of tfjs that would not do. Two add fractions in whatever order threads arrive, so that the same inputs give
 * other bits in each run: the scatter of updates, and the product of matrices with a long inner side. One asks for more
 * inputs at once than a card must allow: the sum of many tensors.
 */
export function registerMendedKernels(backend: WebGPUBackend): void {
  replace('ScatterNd', () => orderedScatter(backend));
  replace('BatchMatMul', withoutAtomics);
  replace('_FusedMatMul', withoutAtomics);
  replace('AddN', (original) => fewAtOnce(backend, original));
}

/** Rows of updates into rows of a matrix: all that gradients of row gathering need. */
function orderedScatter(backend: WebGPUBackend): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const { indices, updates } = inputs as { indices: tf.TensorInfo; updates: tf.TensorInfo };
    const { shape } = attrs as unknown as { shape: number[] };
    if (indices.shape.length !== 2 || indices.shape[1] !== 1 || updates.shape.length !== 2 || shape.length !== 2) {
      throw new Error(`scatter of [${indices.shape.join()}], [${updates.shape.join()}] into [${shape.join()}]`);
    }
    const flat = { ...indices, shape: [indices.shape[0]!] };
    return backend.runWebGPUProgram(orderedScatterProgram(shape as [number, number]), [updates, flat], updates.dtype);
  };
}

/** Inner size from which tfjs splits a product and adds the parts atomically. */
const SPLIT_FROM = 2000;
/** Numbers of a result that count as few: they get small tiles, so that more of the card has work. */
const FEW = 64 * 64;
const PROGRAM = 'WEBGPU_MATMUL_PROGRAM_TYPE';
const OF_ITS_OWN_CHOICE = -1;

function withoutAtomics(original: tf.KernelFunc): tf.KernelFunc {
  return (params) => {
    const { a, b } = params.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const { transposeA } = params.attrs as { transposeA?: boolean };
    const inner = a.shape.at(transposeA === true ? -2 : -1)!;
    if (inner < SPLIT_FROM) return original(params);
    const numbers = (tf.util.sizeFromShape(a.shape) / inner) * (tf.util.sizeFromShape(b.shape) / inner);
    const { MatMulSmallOutputSizeProgram, MatMulPackedProgram } = webgpu_util.MatMulProgramType;
    tf.env().set(PROGRAM, numbers <= FEW ? MatMulSmallOutputSizeProgram : MatMulPackedProgram);
    try {
      return original(params);
    } finally {
      tf.env().set(PROGRAM, OF_ITS_OWN_CHOICE);
    }
  };
}

/** Inputs that fit beside the result where a program may use eight pieces of memory, the least that every card allows. */
const AT_ONCE = 7;

function fewAtOnce(backend: WebGPUBackend, original: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    let rest = inputs as unknown as tf.TensorInfo[];
    let sum: tf.TensorInfo | null = null;
    while (rest.length > 0) {
      const room = sum === null ? AT_ONCE : AT_ONCE - 1;
      const taken: tf.TensorInfo[] = [...(sum === null ? [] : [sum]), ...rest.slice(0, room)];
      rest = rest.slice(room);
      const next = original({ inputs: taken as unknown as tf.NamedTensorInfoMap, attrs: attrs!, backend });
      if (sum !== null) backend.disposeData(sum.dataId);
      sum = next as tf.TensorInfo;
    }
    return sum!;
  };
}

function replace(kernelName: string, make: (original: tf.KernelFunc) => tf.KernelFunc): void {
  const original = tf.getKernel(kernelName, 'webgpu');
  tf.unregisterKernel(kernelName, 'webgpu');
  tf.registerKernel({ ...original, kernelFunc: make(original.kernelFunc) });
}
