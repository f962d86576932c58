import * as tf from '@tensorflow/tfjs-core'
import { imageRegion, spreadRegion } from '../../core/detection/cell-region'
import {
  decodeDetections,
  type CommitteeOutput,
  type DecodeOptions,
} from '../../core/detection/decode'
import type { ImageDetections } from '../../core/detection/types'
import { createLetterbox } from '../../core/geometry/letterbox'
import { rawOutputs, uploadMapHead, type MapMember } from './committee-outputs'
import { shapeOf, unpackHead } from './head'
import type { FeatureMap } from '../features/protocol'
import type { TrainedHead } from './protocol'

/** Low enough for the whole precision-recall curve. */
export const defaultMinScore = 0.01
const maxIou = 0.6
/** A crowded shelf shows a few hundred objects. */
const detectionLimit = 500
/** Of a cell on the grey bars: a probability of 0. */
const nothing = Number.NEGATIVE_INFINITY

/** A trained head on the device, ready to predict; `dispose` frees it. */
export class Predictor {
  readonly #head: TrainedHead
  readonly #parameters: Float32Array
  /** Uploaded for the first features, as they tell how a head is cut; all of one projection are alike. */
  #members: MapMember[] | undefined

  constructor(head: TrainedHead) {
    this.#head = head
    this.#parameters = unpackHead(head)
  }

  /**
   * Detections of one image, score descending.
   * @throws Error when the features were made with another projection than the head was trained on.
   */
  async predict(features: FeatureMap, minScore: number): Promise<ImageDetections> {
    const { output, options } = await this.look(features, minScore)
    return { imageId: features.imageId, detections: decodeDetections(output, options) }
  }

  /**
   * What the committee, or one member of it alone, answers on an image, and how that is decoded.
   * @throws as `predict`
   */
  async look(
    features: FeatureMap,
    minScore: number,
    member?: number,
  ): Promise<{ readonly output: CommitteeOutput; readonly options: DecodeOptions }> {
    const { projectionId, categories } = this.#head
    if (features.projectionId !== projectionId) {
      throw new Error(
        `Image ${features.imageId} has features of projection ${features.projectionId}, the head was trained on ` +
          `${projectionId}; embed the image again or train a new head.`,
      )
    }
    const { rows, columns, stride, imageWidth, imageHeight } = features
    const grid = { rows, columns, stride }
    this.#members ??= uploadMapHead(shapeOf(this.#head), this.#parameters, features.levels)
    const chosen = member === undefined ? this.#members : [this.#members[member]]
    const members = chosen.length
    const letterbox = createLetterbox(imageWidth, imageHeight, rows * stride)
    const alignment = Math.max(...features.levels.map(({ coarseness }) => coarseness))
    const region = imageRegion(letterbox, grid, alignment)
    const inside = await rawOutputs(chosen, features, region)
    const values = spreadRegion(inside, region, grid, members, nothing)
    const limit = detectionLimit
    return {
      output: { grid, members, values },
      options: { categories, imageWidth, imageHeight, letterbox, minScore, maxIou, limit },
    }
  }

  dispose(): void {
    tf.dispose(this.#members ?? [])
    this.#members = undefined
  }
}
