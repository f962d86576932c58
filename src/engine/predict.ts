import * as tf from '@tensorflow/tfjs-core'
import { decodeDetections } from '../core/detection/decode'
import type { ImageDetections } from '../core/detection/types'
import { createLetterbox } from '../core/geometry/letterbox'
import { applyHead, shapeOf, unpackHead, uploadHead, type MemberTensors } from './head'
import type { FeatureGrid, FeatureMap, TrainedHead } from './protocol'

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
  const { rows, columns, channels, codes, scale } = features
  const values = new Float32Array(codes.length)
  // Float32Array.from with a function takes forty times as long.
  for (let index = 0; index < values.length; index++) values[index] = (codes[index] ?? 0) * scale
  const outputs = tf.tidy(() => applyHead(head, tf.tensor2d(values, [rows * columns, channels])))
  try {
    return new Float32Array(await outputs.data())
  } finally {
    outputs.dispose()
  }
}
