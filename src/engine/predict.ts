import * as tf from '@tensorflow/tfjs-core'
import { levelRange, type FeatureGrid } from '../core/detection/cell-features'
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

/** The levels of one resolution. */
interface ResolutionTensor {
  readonly coarseness: number
  /** [rows, columns, channels] at their own resolution. */
  readonly map: tf.Tensor3D
}

/** One map a resolution, in the order of the channels: levels of one resolution follow each other. */
function uploadLevels(features: FeatureGrid & Pick<FeatureMap, 'codes'>): ResolutionTensor[] {
  const { rows, columns, levels, codes, scale } = features
  const maps = levels.map(({ coarseness, channels }, index) => {
    const { start, end } = levelRange(features, index)
    const values = new Float32Array(end - start)
    // Float32Array.from with a function takes forty times as long.
    for (let at = 0; at < values.length; at++) values[at] = (codes[start + at] ?? 0) * scale
    const shape: [number, number, number] = [rows / coarseness, columns / coarseness, channels]
    return tf.tensor3d(values, shape)
  })
  return [...new Set(levels.map(({ coarseness }) => coarseness))].map((coarseness) => ({
    coarseness,
    map: tf.concat(
      maps.filter((_, index) => levels[index]?.coarseness === coarseness),
      2,
    ),
  }))
}

/**
 * A member's hidden activations on every cell, [rows * columns, H]. The layer is linear up to its rectifier, so a coarse
 * map goes through it at its own resolution, where it costs a fraction, and is interpolated after.
 */
function hiddenMap(
  { kernel, bias }: MemberTensors,
  resolutions: readonly ResolutionTensor[],
): tf.Tensor2D {
  const hidden = kernel.shape[1]
  let row = 0
  const parts = resolutions.map(({ map, coarseness }, index) => {
    const [rows, columns, channels] = map.shape
    const product = tf.fused.matMul({
      a: tf.reshape<tf.Rank.R2>(map, [rows * columns, channels]),
      b: tf.slice(kernel, [row, 0], [channels, hidden]),
      ...(index === 0 && { bias }),
    })
    row += channels
    return upsample(tf.reshape<tf.Rank.R3>(product, [rows, columns, hidden]), coarseness)
  })
  return tf.reshape(tf.relu(tf.addN(parts)), [-1, hidden])
}
