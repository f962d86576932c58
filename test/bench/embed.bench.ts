/**
 * Embedding an image (decode, letterbox, network, projection, 8-bit codes) against the bare graph-model call with the
 * same input and taps, and against the multiply-adds that the backend does in the same time in its best matrix product.
 * The three take turns image by image, so that whatever else the machine does hits all alike.
 */
import * as tf from '@tensorflow/tfjs-core'
import { bestProduct, multiplyAdds } from './multiply-adds'
import { fetchCocoFolder } from '../../src/cli/coco-folder'
import { chooseBackend } from '../../src/engine/device/backends'
import { loadCenterNet } from '../../src/engine/backbone/centernet'
import { decodeImage, Letterboxer } from '../../src/engine/backbone/letterboxed-image'
import { fitProjection } from '../../src/engine/features/embed'
import { Projector } from '../../src/engine/features/projector'
import {
  atLeast,
  atMost,
  median,
  plain,
  quantile,
  type BenchOptions,
  type BenchResult,
} from './figure'

const inputSize = 320
const warmUpImages = 5
const measuredImages = 120

export async function run(
  { folderUrl }: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const engine = await chooseBackend(undefined, () => undefined)
  const backbone = await loadCenterNet(new URL('/', location.href).href)
  const { images } = await fetchCocoFolder(folderUrl)
  const context = { signal: new AbortController().signal, emit: () => undefined }
  const sample = { images: images.slice(0, 16), inputSize, seed: 1 }
  const projection = await fitProjection(backbone, sample, context)
  const projector = new Projector(backbone, projection)
  const letterboxer = new Letterboxer(inputSize)

  const first = letterboxer.place(await decodeImage(images[0] ?? fail()))
  const profile = await tf.profile(async () => {
    await projector.encode(first)
    return []
  })
  const work = multiplyAdds(profile.kernels)
  const product = await bestProduct(report)

  const bare: number[] = []
  const whole: number[] = []
  const products: number[] = []
  const imageAt = (index: number) => images[index % images.length] ?? fail()
  // One ahead, as the engine decodes: on another thread while the network runs.
  let next = decodeImage(imageAt(0))
  for (let index = 0; index < warmUpImages + measuredImages; index++) {
    let start = performance.now()
    const bitmap = await next
    next = decodeImage(imageAt(index + 1))
    const placed = letterboxer.place(bitmap)
    await projector.encode(placed)
    const wholeMilliseconds = performance.now() - start

    start = performance.now()
    const taps = tf.tidy(() => backbone.taps(tf.tensor3d(placed.pixels, [inputSize, inputSize, 3])))
    await Promise.all(taps.map((tap) => tap.data()))
    const bareMilliseconds = performance.now() - start
    tf.dispose(taps)

    const productMilliseconds = await product.run()
    if (index < warmUpImages) continue
    products.push(productMilliseconds)
    whole.push(wholeMilliseconds)
    bare.push(bareMilliseconds)
  }
  ;(await next).close()
  projector.dispose()
  product.dispose()
  const rate = work / median(whole)
  const productRate = product.multiplyAdds / median(products)
  report(
    `${(work / 1e6).toFixed(0)} million multiply-adds an image: ${inBillions(rate)} billion a second embedding, ` +
      `${inBillions(productRate)} in matrix products`,
  )
  const ratios = whole.map((milliseconds, index) => milliseconds / (bare[index] ?? NaN))
  const quartiles = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share).toFixed(2))
  report(
    `ratio by image, quartiles ${quartiles.join(', ')}; of the fastest runs ${ratioOfFastest(whole, bare)}`,
  )
  backbone.dispose()
  return {
    engine,
    figures: [
      atMost('embed-ratio', median(ratios), 'x', 1.3),
      atLeast('embed-share-of-matmul', rate / productRate, '', 0.6),
      plain('embed-milliseconds', median(whole), 'ms'),
      plain('backbone-milliseconds', median(bare), 'ms'),
    ],
  }
}

/** @param rate a millisecond */
function inBillions(rate: number): string {
  return (rate / 1e6).toFixed(1)
}

function fail(): never {
  throw new Error('The data set holds no image.')
}

function ratioOfFastest(whole: readonly number[], bare: readonly number[]): string {
  return (Math.min(...whole) / Math.min(...bare)).toFixed(2)
}
