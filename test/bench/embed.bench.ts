/**
 * Embedding images (decode, letterbox, network, projection, 8-bit codes) against the bare graph-model call with the
 * same input size and taps. Small groups of images take turns, so that whatever else the machine does hits both alike.
 */
import * as tf from '@tensorflow/tfjs-core'
import { fetchCocoFolder } from '../../src/cli/coco-folder'
import { chooseBackend } from '../../src/engine/backends'
import { loadCenterNet } from '../../src/engine/centernet'
import { decodeImage, Letterboxer } from '../../src/engine/decode-image'
import { embedImages, fitProjection } from '../../src/engine/embed'
import { FeatureStore } from '../../src/engine/feature-store'
import { atMost, median, plain, type BenchOptions, type BenchResult } from './figure'

const inputSize = 320
const groupSize = 4
const groupCount = 40

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
  const store = new FeatureStore()
  const letterboxer = new Letterboxer(inputSize)

  async function bareMilliseconds(group: typeof images): Promise<number> {
    const inputs = await Promise.all(
      group.map(async (image) => letterboxer.place(await decodeImage(image))),
    )
    const start = performance.now()
    for (const { pixels } of inputs) {
      const taps = tf.tidy(() => backbone.features(tf.tensor3d(pixels, [inputSize, inputSize, 3])))
      await Promise.all(taps.map((tap) => tap.data()))
      tf.dispose(taps)
    }
    return (performance.now() - start) / group.length
  }

  async function wholeMilliseconds(group: typeof images): Promise<number> {
    const start = performance.now()
    await embedImages(backbone, store, { images: group, projection }, context)
    return (performance.now() - start) / group.length
  }

  const bare: number[] = []
  const whole: number[] = []
  // The first turn warms both up and does not count.
  for (let turn = 0; turn <= groupCount; turn++) {
    const first = (turn * groupSize) % Math.max(1, images.length - groupSize)
    const group = images.slice(first, first + groupSize)
    const isBareFirst = turn % 2 === 0
    const before = isBareFirst ? await bareMilliseconds(group) : await wholeMilliseconds(group)
    const after = isBareFirst ? await wholeMilliseconds(group) : await bareMilliseconds(group)
    if (turn === 0) continue
    bare.push(isBareFirst ? before : after)
    whole.push(isBareFirst ? after : before)
  }
  const ratios = whole.map((milliseconds, index) => milliseconds / (bare[index] ?? NaN))
  report(`ratios ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`)
  backbone.dispose()
  return {
    engine,
    figures: [
      atMost('embed-ratio', median(ratios), 'x', 1.3),
      plain('embed-milliseconds', median(whole), 'ms'),
      plain('backbone-milliseconds', median(bare), 'ms'),
    ],
  }
}
