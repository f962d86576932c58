import * as tf from '@tensorflow/tfjs-core'
import { shortcut } from './shortcut'

/** Shares the numbers, as the other backends do; the backend's own copies them. */
export const identity = shortcut<Record<'x', tf.TensorInfo>, undefined>(
  tf.Identity,
  ({ x }) => x.dtype !== 'string',
  (steps, { x }) => steps.reshape(x, x.shape),
)
