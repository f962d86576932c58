/**
 * What storing features as 8-bit codes costs: AP50 of training and predicting on the codes, against the same features as
 * they come out of the projection, in float32 and not cut off at 8 standard deviations. Same images, each as it is and
 * without other views of it, same seeds.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Backbone } from '../../src/engine/backbone/backbone'
import { decodeImage, Letterboxer } from '../../src/engine/backbone/letterboxed-image'
import { FeatureStore } from '../../src/engine/features/feature-store'
import { joinedFeatures } from '../../src/engine/backbone/joined-features'
import type { FeatureMap, Projection } from '../../src/engine/features/protocol'
import type { TrainedHead } from '../../src/engine/head/protocol'
import { trainHead } from '../../src/engine/head/train'
import type { LabeledImage } from '../../src/cli/coco-folder'
import { cacheFeatures, quietContext, testAp50, trainRequest, type CachedSet } from './cached-set'
import { atMost, mean, plain, type BenchOptions, type BenchResult } from './figure'

/** Many: with few, two trainings differ by chance by more than what is measured. */
const labeled = 200
/** Still, the same code under another seed moves by 0.015: the mean of fewer would be chance. */
const fewestSeeds = 6

export async function run(
  options: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const exact = new Map<string, Float32Array>()
  const alone = { ...options, settings: { ...options.settings, views: 0 } }
  const codes = await cacheFeatures(alone, labeled, report, async (backbone, projection, images) =>
    projectAll(backbone, projection, images, exact),
  )
  const floats = { ...codes, store: inFloat(codes, exact) }
  const costs: number[] = []
  const predictCosts: number[] = []
  const compact: number[] = []
  for (let seed = 1; seed <= Math.max(fewestSeeds, options.seeds); seed++) {
    const onCodes = await testAp50(codes, await train(codes, seed))
    const head = await train(floats, seed)
    const onFloats = await testAp50(floats, head)
    const mixed = await testAp50(codes, head)
    report(
      `seed ${seed}: AP50 ${onCodes.toFixed(4)} on codes, ${onFloats.toFixed(4)} on floats, ` +
        `${mixed.toFixed(4)} trained on floats and predicting on codes`,
    )
    compact.push(onCodes)
    costs.push(onFloats - onCodes)
    predictCosts.push(onFloats - mixed)
  }
  const bytes = codes.store.bytes / (codes.labeled.length + codes.test.length)
  return {
    engine: codes.engine,
    figures: [
      atMost('compact-ap-cost', mean(costs), '', 0.005),
      // Two trainings on all but the same numbers part ways by chance: a cost below this error is none.
      plain('compact-ap-cost-error', standardError(costs), ''),
      plain('compact-predict-ap-cost', mean(predictCosts), ''),
      plain('compact-ap50', mean(compact), ''),
      plain('compact-bytes-image', bytes, 'B'),
    ],
  }
}

function train(set: CachedSet, seed: number): Promise<TrainedHead> {
  return trainHead(trainRequest(set, { views: 0 }, seed), set.store, quietContext())
}

/** Of the mean; 0 for a single value, which tells nothing. */
function standardError(values: readonly number[]): number {
  const center = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0)
  return Math.sqrt(squares / Math.max(1, values.length - 1) / values.length)
}

/** Projects the joined taps as they are defined, in one product a cell; the engine's shortcuts give the same. */
async function projectAll(
  backbone: Backbone,
  { inputSize, inputChannels, outputChannels, matrix, offset }: Projection,
  images: readonly LabeledImage[],
  exact: Map<string, Float32Array>,
): Promise<void> {
  const letterboxer = new Letterboxer(inputSize)
  const weights = tf.tensor2d(matrix, [inputChannels, outputChannels])
  for (const image of images) {
    const placed = letterboxer.place(await decodeImage(image))
    const projected = tf.tidy(() => {
      const cells = tf.reshape<tf.Rank.R2>(joinedFeatures(backbone, placed), [-1, inputChannels])
      return tf.add(tf.matMul(cells, weights), offset)
    })
    exact.set(image.imageId, Float32Array.from(await projected.data()))
    projected.dispose()
  }
  weights.dispose()
}

/** A store of the exact values; training and prediction take any numbers for codes. */
function inFloat(
  { store, labeled: trained, test }: CachedSet,
  exact: ReadonlyMap<string, Float32Array>,
): FeatureStore {
  const floats = new FeatureStore(Infinity)
  for (const { imageId } of [...trained, ...test]) {
    const values = exact.get(imageId) as unknown as FeatureMap['codes']
    const features = store.get(imageId)
    const levels = [{ coarseness: 1, channels: features.channels }]
    floats.set({ ...features, levels, codes: values, scale: 1 })
  }
  return floats
}
