import * as tf from '@tensorflow/tfjs-core'
import { levelRange, type FeatureGrid, type FeatureLevel } from '../core/detection/cell-features'
import { decodeDetections } from '../core/detection/decode'
import type { ImageDetections } from '../core/detection/types'
import { createLetterbox } from '../core/geometry/letterbox'
import { outputLayer, shapeOf, unpackHead, uploadHead, type MemberTensors } from './head'
import { upsample } from './joined-features'
import type { FeatureMap, TrainedHead } from './protocol'

/** Low enough for the whole precision-recall curve. */
export const defaultMinScore = 0.01
const maxIou = 0.6
/** A crowded shelf shows a few hundred objects. */
const detectionLimit = 500

/** A trained head on the device, ready to predict; `dispose` frees it. */
export class Predictor {
  readonly #head: TrainedHead
  readonly #tensors: MemberTensors[]

  constructor(head: TrainedHead) {
    this.#head = head
    this.#tensors = uploadHead(shapeOf(head), unpackHead(head))
  }

  /**
   * Detections of one image, score descending.
   * @throws Error when the features were made with another projection than the head was trained on.
   */
  async predict(features: FeatureMap, minScore: number): Promise<ImageDetections> {
    const { projectionId, categories, settings } = this.#head
    if (features.projectionId !== projectionId) {
      throw new Error(
        `Image ${features.imageId} has features of projection ${features.projectionId}, the head was trained on ` +
          `${projectionId}; embed the image again or train a new head.`,
      )
    }
    const { rows, columns, stride, imageWidth, imageHeight, imageId } = features
    const values = await rawOutputs(this.#tensors, features)
    const detections = decodeDetections(
      { grid: { rows, columns, stride }, members: settings.committee, values },
      {
        categories,
        imageWidth,
        imageHeight,
        letterbox: createLetterbox(imageWidth, imageHeight, rows * stride),
        minScore,
        maxIou,
        limit: detectionLimit,
      },
    )
    return { imageId, detections }
  }

  dispose(): void {
    tf.dispose(this.#tensors)
  }
}

/** A committee's raw outputs on every cell of an image, row-major [K, rows * columns, C + 4]. */
export async function rawOutputs(
  head: readonly MemberTensors[],
  features: FeatureGrid & Pick<FeatureMap, 'codes'>,
): Promise<Float32Array> {
  const outputs = tf.tidy(() => {
    const maps = uploadLevels(features)
    return tf.concat(head.map((member) => outputLayer(member, hiddenMap(member, maps))))
  })
  try {
    return new Float32Array(await outputs.data())
  } finally {
    outputs.dispose()
  }
}

interface LevelTensor extends FeatureLevel {
  /** [rows, columns, channels] at the level's own resolution. */
  readonly map: tf.Tensor3D
}

function uploadLevels(features: FeatureGrid & Pick<FeatureMap, 'codes'>): LevelTensor[] {
  const { rows, columns, levels, codes, scale } = features
  return levels.map((level, index) => {
    const { start, end } = levelRange(features, index)
    const values = new Float32Array(end - start)
    // Float32Array.from with a function takes forty times as long.
    for (let at = 0; at < values.length; at++) values[at] = (codes[start + at] ?? 0) * scale
    const { coarseness, channels } = level
    const shape: [number, number, number] = [rows / coarseness, columns / coarseness, channels]
    return { ...level, map: tf.tensor3d(values, shape) }
  })
}

/**
 * A member's hidden activations on every cell, [rows * columns, H]. The layer is linear up to its rectifier, so a coarse
 * level goes through it at its own resolution, where it costs a fraction, and is interpolated after.
 */
function hiddenMap({ kernel, bias }: MemberTensors, levels: readonly LevelTensor[]): tf.Tensor2D {
  const hidden = kernel.shape[1]
  const sums = new Map<number, tf.Tensor3D>()
  let row = 0
  for (const { map, coarseness, channels } of levels) {
    const [rows, columns] = map.shape
    const own = tf.slice(kernel, [row, 0], [channels, hidden])
    const product = tf.reshape<tf.Rank.R3>(
      tf.matMul(tf.reshape(map, [rows * columns, channels]), own),
      [rows, columns, hidden],
    )
    const before = sums.get(coarseness)
    sums.set(coarseness, before === undefined ? product : tf.add(before, product))
    row += channels
  }
  const fine = [...sums].map(([coarseness, sum]) => upsample(sum, coarseness))
  return tf.reshape(tf.relu(tf.add(tf.addN(fine), bias)), [-1, hidden])
}
