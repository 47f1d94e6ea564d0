import * as tf from '@tensorflow/tfjs-core';

/** Derivatives of sums, means, maxima and AddN. */
export const reductionGradients: readonly tf.GradConfig[] = [
  {
    kernelName: 'AddN',
    saveAllInputs: true,
    gradFunc: (dy, saved) => Object.fromEntries(saved.map((_, i) => [i, () => tf.clone(dy as tf.Tensor)])),
  },
  {
    kernelName: 'Sum',
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attrs) => ({ x: () => spread(dy as tf.Tensor, saved[0]!, axesOf(saved[0]!, attrs['axis'])) }),
  },
  {
    kernelName: 'Mean',
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attrs) => {
      const x = saved[0]!;
      const axes = axesOf(x, attrs['axis']);
      const averaged = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
      return { x: () => spread(tf.div(dy as tf.Tensor, averaged), x, axes) };
    },
  },
  {
    kernelName: 'Max', // equal maxima all receive the derivative
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, y] = saved as [tf.Tensor, tf.Tensor];
      const kept = tf.backend_util.expandShapeToKeepDim(
        reducedShape(x, axesOf(x, attrs['reductionIndices'])),
        axesOf(x, attrs['reductionIndices']),
      );
      const isMax = tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32');
      return { x: () => tf.mul(isMax, tf.reshape(dy as tf.Tensor, kept)) };
    },
  },
];

/** Derivatives of operations that only move values. */
export const shapeGradients: readonly tf.GradConfig[] = [
  {
    kernelName: 'Reshape',
    inputsToSave: ['x'],
    gradFunc: (dy, saved) => ({ x: () => tf.reshape(dy as tf.Tensor, saved[0]!.shape) }),
  },
  {
    kernelName: 'ExpandDims',
    inputsToSave: ['input'],
    gradFunc: (dy, saved) => ({ input: () => tf.reshape(dy as tf.Tensor, saved[0]!.shape) }),
  },
  {
    kernelName: 'Transpose',
    gradFunc: (dy, _saved, attrs) => {
      const perm = attrs['perm'] as number[];
      return { x: () => tf.transpose(dy as tf.Tensor, tf.backend_util.getUndoAxesPermutation(perm)) };
    },
  },
  {
    kernelName: 'Concat',
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const axis = tf.util.parseAxisParam(attrs['axis'] as number, saved[0]!.shape)[0]!;
      const pieces = tf.split(
        dy as tf.Tensor,
        saved.map((x) => x.shape[axis]!),
        axis,
      );
      return Object.fromEntries(pieces.map((piece, i) => [i, () => piece]));
    },
  },
  {
    kernelName: 'Slice',
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attrs) => {
      const { shape } = saved[0]!;
      const [begin, size] = tf.slice_util.parseSliceParams(
        saved[0]!,
        attrs['begin'] as number[],
        attrs['size'] as number[],
      ) as [number[], number[]];
      const around = shape.map((all, axis): [number, number] => [begin[axis]!, all - begin[axis]! - size[axis]!]);
      return { x: () => tf.pad(dy as tf.Tensor, around) };
    },
  },
  {
    kernelName: 'GatherV2', // rows of the first axis only
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, saved, attrs) => {
      const [x, indices] = saved as [tf.Tensor, tf.Tensor];
      if (attrs['axis'] !== 0 || indices.rank !== 1) {
        throw new Error(`gradient of gather: axis ${String(attrs['axis'])}, indices of rank ${indices.rank}`);
      }
      return {
        x: () => tf.scatterND(tf.reshape(indices, [-1, 1]), dy as tf.Tensor, x.shape as [number]),
        indices: () => tf.zerosLike(indices),
      };
    },
  },
  {
    kernelName: 'Select',
    inputsToSave: ['condition'],
    gradFunc: (dy, saved) => {
      const chosen = tf.cast(saved[0]!, 'float32');
      return {
        condition: () => tf.zerosLike(chosen),
        t: () => tf.mul(dy as tf.Tensor, chosen),
        e: () => tf.mul(dy as tf.Tensor, tf.sub(1, chosen)),
      };
    },
  },
];

/**
 * Derivative of the matrix product, with every transpose written out: products with a transpose flag take
 * a path of the WebAssembly engine that is about twelve times slower than transposing first.
 */
export const matMulGradient: tf.GradConfig = {
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved, attrs) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const d = dy as tf.Tensor;
    const flipA = attrs['transposeA'] === true;
    const flipB = attrs['transposeB'] === true;
    return {
      a: () => {
        const da = tf.matMul(d, flipB ? b : lastTwoSwapped(b)); // derivative of the operand after its flag
        return flipA ? lastTwoSwapped(da) : da;
      },
      b: () => {
        const db = tf.matMul(flipA ? a : lastTwoSwapped(a), d);
        return flipB ? lastTwoSwapped(db) : db;
      },
    };
  },
};

function lastTwoSwapped(x: tf.Tensor): tf.Tensor {
  const perm = x.shape.map((_, axis) => axis);
  perm.push(...perm.splice(-2).reverse());
  return tf.transpose(x, perm);
}

function axesOf(x: tf.Tensor, axis: unknown): number[] {
  return tf.util.parseAxisParam((axis ?? null) as number | number[], x.shape);
}

function reducedShape(x: tf.Tensor, axes: number[]): number[] {
  return x.shape.filter((_, axis) => !axes.includes(axis));
}

/** Repeats a derivative along the axes that were summed away. */
function spread(dy: tf.Tensor, x: tf.Tensor, axes: number[]): tf.Tensor {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return tf.mul(tf.reshape(dy, kept), tf.ones(x.shape));
}
