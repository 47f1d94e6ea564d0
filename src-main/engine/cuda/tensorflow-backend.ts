import { createRequire } from 'node:module';
import { delimiter } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { restoreOldUtil } from './old-util.ts';
import { libraryFolder } from './tfjs-node-package.ts';

/** Attribute of an operation of TensorFlow, as its module for Node takes it. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

/** What is used of the module that joins Node to libtensorflow. Tensors are numbers that it hands out. */
export interface TensorflowBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_Version: string;
  /** Tensors that it holds. */
  getNumOfTensors(): number;
  /** int64 values come as pairs of int32, low half first. May go on using the memory of `values`. */
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  executeOp(name: string, attributes: readonly OpAttribute[], ids: readonly number[], outputs: number): unknown[];
}

/** What is used of the tfjs backend on top of it. */
export interface TensorflowBackend {
  readonly binding: TensorflowBinding;
  /** A card computes; otherwise the processor does. */
  readonly isUsingGpuDevice: boolean;
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(output: unknown): tf.TensorInfo;
}

/** Environment variables that libtensorflow and NVIDIA's libraries read when they load; a person may have set others. */
const wanted = {
  TF_CPP_MIN_LOG_LEVEL: '2', // it would print what it finds, line by line
  TF_FORCE_GPU_ALLOW_GROWTH: 'true', // it would take the whole memory of the card from everyone else
  NVIDIA_TF32_OVERRIDE: '0', // products would be rounded to 10 bits on cards that can
};

/** Loads libtensorflow by the package in this folder and makes it the backend of tfjs. Native code: may crash the process. */
export async function loadTensorflow(folder: string): Promise<TensorflowBackend> {
  restoreOldUtil();
  for (const [name, value] of Object.entries(wanted)) process.env[name] ??= value;
  if (process.platform === 'win32') {
    // The installation puts the library beside a module of another number on Node 24; so it is found where it was unpacked.
    process.env['PATH'] = `${libraryFolder(folder)}${delimiter}${process.env['PATH'] ?? ''}`;
  }
  createRequire(import.meta.url)(folder);
  if (!(await tf.setBackend('tensorflow'))) throw new Error('the TensorFlow backend did not start');
  return tf.backend() as unknown as TensorflowBackend;
}
