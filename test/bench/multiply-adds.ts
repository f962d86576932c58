import * as tf from '@tensorflow/tfjs-core'
import { median } from './figure'

/** What tf.profile says of a kernel. */
interface KernelShapes {
  readonly name: string
  readonly inputShapes: readonly (readonly number[] | null)[]
  readonly outputShapes: readonly (readonly number[])[]
}

const size = (shape: readonly number[]): number =>
  shape.reduce((product, side) => product * side, 1)

/**
 * Multiply-adds of the convolutions and matrix products among these kernels, from their shapes; everything else
 * (activations, interpolation, pooling) counts as none.
 */
export function multiplyAdds(kernels: readonly KernelShapes[]): number {
  return kernels.reduce((sum, kernel) => sum + kernelMultiplyAdds(kernel), 0)
}

function kernelMultiplyAdds({ name, inputShapes, outputShapes }: KernelShapes): number {
  const weights = inputShapes[1]
  const output = outputShapes[0]
  if (weights === null || weights === undefined || output === undefined) return 0
  const [rows = 0, columns = 0, inputs = 0] = weights
  switch (name) {
    case tf.Conv2D:
    case tf.FusedConv2D:
      return size(output) * rows * columns * inputs
    case tf.DepthwiseConv2dNative:
    case tf.FusedDepthwiseConv2D:
      return size(output) * rows * columns
    case tf.BatchMatMul:
    case tf._FusedMatMul:
      // [batch, inner, columns]
      return size(output) * columns
    default:
      return 0
  }
}

/** A matrix product to be timed again and again. */
export interface TimedProduct {
  readonly multiplyAdds: number
  /** @returns the milliseconds it took this time */
  run(): Promise<number>
  dispose(): void
}

/** [rows, inner, columns]; square ones, and those of feature maps. */
const candidates = [
  [512, 512, 512],
  [1024, 1024, 1024],
  [1600, 240, 960],
  [2048, 512, 512],
  [4096, 256, 256],
] as const

/** The product that the present backend computes at the highest rate, of several shapes. */
export async function bestProduct(report: (text: string) => void): Promise<TimedProduct> {
  let best: { readonly product: TimedProduct; readonly rate: number } | undefined
  for (const shape of candidates) {
    const product = createProduct(shape)
    const times: number[] = []
    for (let repeat = 0; repeat < 6; repeat++) times.push(await product.run())
    const rate = product.multiplyAdds / median(times.slice(1))
    report(
      `product ${shape.join(' x ')}: ${(rate / 1e6).toFixed(1)} billion multiply-adds a second`,
    )
    if (best !== undefined && best.rate >= rate) product.dispose()
    else {
      best?.product.dispose()
      best = { product, rate }
    }
  }
  if (best === undefined) throw new Error('There is no product to time.')
  return best.product
}

function createProduct([rows, inner, columns]: readonly [number, number, number]): TimedProduct {
  const a = tf.randomUniform<tf.Rank.R2>([rows, inner], -1, 1, 'float32', 1)
  const b = tf.randomUniform<tf.Rank.R2>([inner, columns], -1, 1, 'float32', 2)
  return {
    multiplyAdds: rows * inner * columns,
    async run() {
      const begin = performance.now()
      const result = tf.matMul(a, b)
      await result.data()
      const milliseconds = performance.now() - begin
      result.dispose()
      return milliseconds
    },
    dispose: () => tf.dispose([a, b]),
  }
}
