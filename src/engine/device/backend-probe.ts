/** A short matrix product and convolution, by which backends are checked and compared. */
import * as tf from '@tensorflow/tfjs-core'

/** Side of the square matrices: the first checks the numbers; larger ones follow while a backend is quick. */
const probeSizes = [128, 256, 512, 1024] as const
const quickMilliseconds = 12
/** A run that took this long is not repeated: chance hardly matters then. */
const slowMilliseconds = 50
const probeChannels = 16

/** Multiply-adds x 2 of one run of the probe. */
function probeFlops(size: number): number {
  return 2 * size ** 3 + 2 * (size / 4) ** 2 * 9 * probeChannels ** 2
}

/**
 * Gigaflops of the current backend on the largest problem that the backend does not need long for: a small one would hide a graphics card's
 * speed behind the latency of a call, a large one would take a slow backend seconds.
 */
export async function measureSpeed(): Promise<number> {
  let gflops = 0
  for (const size of probeSizes) {
    const inputs = createProbe(size)
    const run = (): Promise<Float32Array> => readBack(() => tf.sum(computeProbe(inputs)))
    try {
      // Every size has programs of its own to compile.
      await run()
      let best = Infinity
      for (let repeat = 0; repeat < 3; repeat++) {
        const start = performance.now()
        await run()
        best = Math.min(best, performance.now() - start)
        if (best > slowMilliseconds) break
      }
      // Browsers round the clock, so a run can appear to take no time at all.
      gflops = probeFlops(size) / Math.max(best, 0.05) / 1e6
      if (best > quickMilliseconds) break
    } finally {
      tf.dispose(inputs)
    }
  }
  return gflops
}

type ProbeInputs = {
  readonly matrix: tf.Tensor2D
  readonly image: tf.Tensor4D
  readonly filter: tf.Tensor4D
}

/** Fixed inputs of a matrix product and a convolution, on the current backend. */
function createProbe(size: number): ProbeInputs {
  const side = size / 4
  return {
    matrix: tf.tensor2d(wave(size ** 2, 0.37), [size, size]),
    image: tf.tensor4d(wave(side ** 2 * probeChannels, 0.61), [1, side, side, probeChannels]),
    filter: tf.tensor4d(wave(9 * probeChannels ** 2, 0.23), [3, 3, probeChannels, probeChannels]),
  }
}

function computeProbe({ matrix, image, filter }: ProbeInputs): tf.Tensor1D {
  const product = tf.matMul(matrix, matrix)
  const convolved = tf.conv2d(image, filter, 1, 'same')
  return tf.concat([tf.reshape(product, [-1]), tf.reshape(convolved, [-1])])
}

/** All numbers of the smallest probe, computed on the current backend. */
export async function checkedProbe(): Promise<Float32Array> {
  const inputs = createProbe(probeSizes[0])
  try {
    return await readBack(() => computeProbe(inputs))
  } finally {
    tf.dispose(inputs)
  }
}

async function readBack(compute: () => tf.Tensor): Promise<Float32Array> {
  const result = tf.tidy(compute)
  try {
    return Float32Array.from(await result.data())
  } finally {
    result.dispose()
  }
}

function wave(length: number, frequency: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin(index * frequency))
}

/** Largest absolute difference, relative to the largest expected number; infinite when a number is missing. */
export function relativeDeviation(actual: Float32Array, expected: Float32Array): number {
  let largest = 0
  let scale = 0
  expected.forEach((value, index) => {
    const difference = Math.abs((actual[index] ?? NaN) - value)
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference)
    scale = Math.max(scale, Math.abs(value))
  })
  return largest / scale
}
