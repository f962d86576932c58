import * as tf from '@tensorflow/tfjs-core'
import { levelRange, type FeatureGrid } from '../core/detection/cell-features'
import { imageRegion, spreadRegion, type CellRegion } from '../core/detection/cell-region'
import {
  decodeDetections,
  type CommitteeOutput,
  type DecodeOptions,
} from '../core/detection/decode'
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
/** Of a cell on the grey bars: a probability of 0. */
const nothing = Number.NEGATIVE_INFINITY

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
    const tensors = member === undefined ? this.#tensors : this.#tensors.slice(member, member + 1)
    const members = tensors.length
    const letterbox = createLetterbox(imageWidth, imageHeight, rows * stride)
    const alignment = Math.max(...features.levels.map(({ coarseness }) => coarseness))
    const region = imageRegion(letterbox, grid, alignment)
    const inside = await rawOutputs(tensors, features, region)
    const values = spreadRegion(inside, region, grid, members, nothing)
    const limit = detectionLimit
    return {
      output: { grid, members, values },
      options: { categories, imageWidth, imageHeight, letterbox, minScore, maxIou, limit },
    }
  }

  dispose(): void {
    tf.dispose(this.#tensors)
  }
}

/**
 * A committee's raw outputs on the cells of a region whose sides lie at multiples of every level's coarseness, row-major
 * [K, rows * columns, C + 4] of the region; of the whole grid if left out.
 */
export async function rawOutputs(
  head: readonly MemberTensors[],
  features: FeatureGrid & Pick<FeatureMap, 'codes'>,
  region: CellRegion = { row: 0, column: 0, rows: features.rows, columns: features.columns },
): Promise<Float32Array> {
  const outputs = tf.tidy(() => {
    const maps = uploadLevels(features, region)
    return tf.concat(head.map((member) => outputLayer(member, hiddenMap(member, maps, region))))
  })
  try {
    return new Float32Array(await outputs.data())
  } finally {
    outputs.dispose()
  }
}

/** The levels of one resolution, as far as a region of the grid needs them. */
interface ResolutionTensor {
  readonly coarseness: number
  /** [rows, columns, channels] at their own resolution. */
  readonly map: tf.Tensor3D
  /** Where the region begins in the map brought to the grid's resolution, in cells. */
  readonly begin: readonly [number, number]
}

/** One map a resolution, in the order of the channels: levels of one resolution follow each other. */
function uploadLevels(
  features: FeatureGrid & Pick<FeatureMap, 'codes'>,
  region: CellRegion,
): ResolutionTensor[] {
  const { levels } = features
  const coarsenesses = [...new Set(levels.map(({ coarseness }) => coarseness))]
  return coarsenesses.map((coarseness) => {
    // Interpolation looks one coarse cell further.
    const margin = coarseness === 1 ? 0 : 1
    const span = (first: number, length: number, whole: number) => {
      const from = Math.max(0, first / coarseness - margin)
      const end = Math.min(whole / coarseness, (first + length) / coarseness + margin)
      return { from, count: end - from }
    }
    const vertical = span(region.row, region.rows, features.rows)
    const horizontal = span(region.column, region.columns, features.columns)
    const part = {
      row: vertical.from,
      column: horizontal.from,
      rows: vertical.count,
      columns: horizontal.count,
    }
    const maps = levels.flatMap((level, index) =>
      level.coarseness === coarseness ? uploadLevel(features, index, part) : [],
    )
    return {
      coarseness,
      map: maps.length === 1 && maps[0] !== undefined ? maps[0] : tf.concat(maps, 2),
      begin: [region.row - part.row * coarseness, region.column - part.column * coarseness],
    }
  })
}

/** Part of a level's map, in cells of its own, as numbers. */
function uploadLevel(
  features: FeatureGrid & Pick<FeatureMap, 'codes'>,
  level: number,
  { row, column, rows, columns }: CellRegion,
): tf.Tensor3D {
  const { codes, scale, levels } = features
  const { coarseness, channels } = levels[level] ?? { coarseness: 1, channels: 0 }
  const { start } = levelRange(features, level)
  const width = (features.columns / coarseness) * channels
  const length = columns * channels
  const values = new Float32Array(rows * length)
  for (let line = 0; line < rows; line++) {
    const from = start + (row + line) * width + column * channels
    const to = line * length
    // Float32Array.from with a function takes forty times as long.
    for (let at = 0; at < length; at++) values[to + at] = (codes[from + at] ?? 0) * scale
  }
  return tf.tensor3d(values, [rows, columns, channels])
}

/**
 * A member's hidden activations on the region's cells, [rows * columns, H]. The layer is linear up to its rectifier, so a coarse
 * map goes through it at its own resolution, where it costs a fraction, and is interpolated after.
 */
function hiddenMap(
  { kernel, bias }: MemberTensors,
  resolutions: readonly ResolutionTensor[],
  region: CellRegion,
): tf.Tensor2D {
  const hidden = kernel.shape[1]
  let row = 0
  const parts = resolutions.map(({ map, coarseness, begin }, index) => {
    const [rows, columns, channels] = map.shape
    const product = tf.fused.matMul({
      a: tf.reshape<tf.Rank.R2>(map, [rows * columns, channels]),
      b: tf.slice(kernel, [row, 0], [channels, hidden]),
      ...(index === 0 && { bias }),
    })
    row += channels
    const fine = upsample(tf.reshape<tf.Rank.R3>(product, [rows, columns, hidden]), coarseness)
    const size: [number, number, number] = [region.rows, region.columns, hidden]
    return size.every((length, axis) => fine.shape[axis] === length)
      ? fine
      : tf.slice(fine, [...begin, 0], size)
  })
  return tf.reshape(tf.relu(tf.addN(parts)), [-1, hidden])
}
