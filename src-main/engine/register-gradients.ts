import * as tf from '@tensorflow/tfjs-core';
import { csrMatMulGradient } from '#core/train/csr-mat-mul';
import { matMulGradient, reductionGradients, shapeGradients } from './gradients-of-shapes.ts';

/**
 * Makes the dense operations the methods use differentiable, and `csrMatMul` with them.
 *
 * `@tensorflow/tfjs-core` registers no gradient by itself and exports none, so those in use are written out here, one line each
 * where the derivative is one line. All engines share them; they are made of operations that every engine has.
 * Called by whatever starts an engine, after its packages have loaded: tfjs-node brings the gradients of tfjs with it, which these
 * replace, so that all engines compute the same.
 */
export function registerGradients(): void {
  const all = [
    ...unaryGradients,
    ...binaryGradients,
    ...reductionGradients,
    ...shapeGradients,
    matMulGradient,
    csrMatMulGradient,
  ];
  for (const gradient of all) tf.registerGradient(gradient);
}

/** y = f(x), elementwise: dx = dy · f′, given x and y. */
function unary(
  kernelName: string,
  needs: 'x' | 'y',
  derivative: (dy: tf.Tensor, saved: tf.Tensor) => tf.Tensor,
): tf.GradConfig {
  return {
    kernelName,
    ...(needs === 'x' ? { inputsToSave: ['x'] } : { outputsToSave: [true] }),
    gradFunc: (dy, saved) => ({ x: () => derivative(dy as tf.Tensor, saved[0]!) }),
  };
}

const unaryGradients: readonly tf.GradConfig[] = [
  unary('Neg', 'x', (dy) => tf.neg(dy)),
  unary('Abs', 'x', (dy, x) => tf.mul(dy, tf.sign(x))), // 0 at 0
  unary('Square', 'x', (dy, x) => tf.mul(dy, tf.mul(x, 2))),
  unary('Sqrt', 'y', (dy, y) => tf.div(dy, tf.mul(y, 2))),
  unary('Rsqrt', 'y', (dy, y) => tf.mul(dy, tf.mul(tf.mul(y, tf.square(y)), -0.5))),
  unary('Reciprocal', 'y', (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  unary('Exp', 'y', (dy, y) => tf.mul(dy, y)),
  unary('Log', 'x', (dy, x) => tf.div(dy, x)),
  unary('Log1p', 'x', (dy, x) => tf.div(dy, tf.add(x, 1))),
  unary('Tanh', 'y', (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  unary('Sigmoid', 'y', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  unary('Relu', 'x', (dy, x) => tf.mul(dy, tf.step(x))),
  unary('Softplus', 'x', (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  unary('Erf', 'x', (dy, x) => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI)))),
  unary('Sign', 'x', (dy) => tf.zerosLike(dy)),
  unary('Step', 'x', (dy) => tf.zerosLike(dy)),
  unary('Identity', 'x', (dy) => tf.clone(dy)),
  unary('Cast', 'x', (dy) => tf.clone(dy)),
  {
    kernelName: 'ClipByValue',
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attrs) => {
      const { clipValueMin, clipValueMax } = attrs as unknown as { clipValueMin: number; clipValueMax: number };
      const inside = tf.logicalAnd(tf.greaterEqual(saved[0]!, clipValueMin), tf.lessEqual(saved[0]!, clipValueMax));
      return { x: () => tf.mul(dy as tf.Tensor, tf.cast(inside, 'float32')) };
    },
  },
  {
    kernelName: 'Softmax',
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const { dim } = attrs as unknown as { dim: number };
      const weighted = tf.mul(dy as tf.Tensor, saved[0]!);
      return { logits: () => tf.sub(weighted, tf.mul(tf.sum(weighted, [dim], true), saved[0]!)) };
    },
  },
];

/** y = f(a, b), elementwise with broadcasting: derivatives are summed back to the shapes of a and b. */
function binary(
  kernelName: string,
  da: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  db: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      return {
        a: () => sumTo(da(dy as tf.Tensor, a, b), a.shape),
        b: () => sumTo(db(dy as tf.Tensor, a, b), b.shape),
      };
    },
  };
}

const binaryGradients: readonly tf.GradConfig[] = [
  binary(
    'Add',
    (dy) => tf.clone(dy),
    (dy) => tf.clone(dy),
  ),
  binary(
    'Sub',
    (dy) => tf.clone(dy),
    (dy) => tf.neg(dy),
  ),
  binary(
    'Multiply',
    (dy, _a, b) => tf.mul(dy, b),
    (dy, a) => tf.mul(dy, a),
  ),
  binary(
    'RealDiv',
    (dy, _a, b) => tf.div(dy, b),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))),
  ),
  binary(
    'SquaredDifference',
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(a, b), 2)),
    (dy, a, b) => tf.mul(dy, tf.mul(tf.sub(b, a), 2)),
  ),
  // where both are equal the derivative goes to the first
  binary(
    'Maximum',
    (dy, a, b) => tf.mul(dy, tf.cast(tf.greaterEqual(a, b), 'float32')),
    (dy, a, b) => tf.mul(dy, tf.cast(tf.less(a, b), 'float32')),
  ),
  binary(
    'Minimum',
    (dy, a, b) => tf.mul(dy, tf.cast(tf.lessEqual(a, b), 'float32')),
    (dy, a, b) => tf.mul(dy, tf.cast(tf.greater(a, b), 'float32')),
  ),
];

/** Sums over the axes along which a value of `shape` was repeated. */
function sumTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, x.shape);
  return tf.reshape(axes.length === 0 ? x : tf.sum(x, axes), shape);
}
