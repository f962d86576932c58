import * as tf from '@tensorflow/tfjs-core'
import type { RandomSource } from '../../core/random/types'
import type { DeviceWork } from '../device/device-work'
import { DropoutTable } from '../head/dropout'
import { committeeGradient } from '../head/gradient'
import { hardestBackground } from '../head/hard-negatives'
import { applyHead, uploadHead, type HeadShape } from '../head/head'
import { createBatch } from '../head/training-set'
import type { TuningRecipe } from './recipe'
import type { CellErrors } from './trainable-network'
import type { DrawnView } from './view-drawer'

/** Asks the head what it makes of a view's features. */
export class ViewJudge {
  readonly #shape: HeadShape
  readonly #recipe: TuningRecipe
  readonly #dropout: DropoutTable

  constructor(shape: HeadShape, recipe: TuningRecipe, random: RandomSource) {
    this.#shape = shape
    this.#recipe = recipe
    const { positives, hardNegatives, randomNegatives } = recipe.cellLimits
    const most = shape.members * shape.hidden * (positives + hardNegatives + randomNegatives)
    this.#dropout = new DropoutTable(recipe.dropoutRate, most, random.fork('dropout'))
  }

  /**
   * Loss and gradient on cells of one view, the hardest background of this very view among them.
   * @param vector begins with the head's parameters
   */
  *judge(
    features: Float32Array,
    { targets, random }: DrawnView,
    vector: Float32Array,
    onResult: (loss: number, headGradient: Float32Array) => void,
  ): DeviceWork<CellErrors> {
    const shape = this.#shape
    const { cellLimits } = this.#recipe
    const values = yield* outputsAt(shape, vector, features)
    const hardNegatives = hardestBackground(values, shape, targets, cellLimits.hardNegatives)
    const source = {
      features: {
        rows: 1,
        columns: features.length / shape.channels,
        channels: shape.channels,
        levels: [{ coarseness: 1, channels: shape.channels }],
        scale: 1,
        codes: features,
      },
      targets,
      hardNegatives,
    }
    const batch = createBatch([source], cellLimits, 0, random.fork('cells'))
    const length = shape.members * batch.cellCount * shape.hidden
    const factors = this.#dropout.take(length, random.fork('dropout'))
    const found = yield* committeeGradient(shape, vector, batch, factors, true)
    onResult(found.loss, found.gradient)
    return { positions: batch.positions, gradient: found.cells ?? new Float32Array(0) }
  }
}

/** Raw outputs of the head on every cell, row-major [K, cells, C + 4]. */
function* outputsAt(
  shape: HeadShape,
  vector: Float32Array,
  features: Float32Array,
): DeviceWork<Float32Array> {
  const { channels } = shape
  const outputs = tf.tidy(() =>
    applyHead(
      uploadHead(shape, vector),
      tf.tensor2d(features, [features.length / channels, channels]),
    ),
  )
  try {
    return yield outputs
  } finally {
    outputs.dispose()
  }
}
