/**
 * Embedding an image (decode, letterbox, network, projection, 8-bit codes) against the bare graph-model call with the
 * same input size and taps. The two take turns, so that whatever else the machine does hits both alike.
 * Options: data (blood-cells), images (40), size (320), backend (wasm).
 */
import * as tf from '@tensorflow/tfjs-core'
import { chooseBackend } from '../../src/engine/backends'
import { loadCenterNet } from '../../src/engine/centernet'
import { decodeImage, Letterboxer } from '../../src/engine/decode-image'
import { embedImages, fitProjection } from '../../src/engine/embed'
import { FeatureStore } from '../../src/engine/feature-store'
import type { BackendName } from '../../src/engine/protocol'
import { loadDataset } from './dataset'

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

export async function run(options: Record<string, string>): Promise<Record<string, unknown>[]> {
  const { data = 'blood-cells', images: count = '40', size = '320', backend = 'wasm' } = options
  const inputSize = Number(size)
  await chooseBackend(backend as BackendName, () => undefined)
  const backbone = await loadCenterNet(new URL('/', location.href).href)
  const images = (await loadDataset(data)).images.slice(0, Number(count))
  const context = { signal: new AbortController().signal, emit: () => undefined }
  const projection = await fitProjection(
    backbone,
    { images: images.slice(0, 16), inputSize, seed: 1 },
    context,
  )
  const store = new FeatureStore()
  const letterboxer = new Letterboxer(inputSize)

  const bare: number[] = []
  const whole: number[] = []
  const groupSize = 8
  for (let first = 0; first + groupSize <= images.length; first += groupSize) {
    const group = images.slice(first, first + groupSize)
    const inputs = await Promise.all(
      group.map(async (image) => letterboxer.place(await decodeImage(image))),
    )
    let start = performance.now()
    for (const { pixels } of inputs) {
      const taps = tf.tidy(() => backbone.features(tf.tensor3d(pixels, [inputSize, inputSize, 3])))
      await Promise.all(taps.map((tap) => tap.data()))
      tf.dispose(taps)
    }
    bare.push((performance.now() - start) / groupSize)
    start = performance.now()
    await embedImages(backbone, store, { images: group, projection }, context)
    whole.push((performance.now() - start) / groupSize)
  }
  return [
    {
      data,
      inputSize,
      backend,
      images: images.length,
      bareMilliseconds: median(bare).toFixed(1),
      embedMilliseconds: median(whole).toFixed(1),
      ratio: (median(whole) / median(bare)).toFixed(3),
      ratioOfBests: (Math.min(...whole) / Math.min(...bare)).toFixed(3),
    },
  ]
}
