/** What a committee answers on the cells of one image's feature map. */
import * as tf from '@tensorflow/tfjs-core'
import { levelRange, type FeatureGrid } from '../../core/detection/cell-features'
import type { CellRegion } from '../../core/detection/cell-region'
import { headLayout, outputLayer, type HeadShape, type MemberTensors } from './head'
import { upsample } from '../backbone/joined-features'
import { rectifiedSumName, type RectifiedSumAttrs } from '../kernels/rectified-sum'
import type { FeatureMap } from '../features/protocol'

type CodedFeatures = FeatureGrid & Pick<FeatureMap, 'codes'>

/** One member's parameters on the device, its hidden layer's matrix cut by the resolutions of the features. */
export type MapMember = Omit<MemberTensors, 'kernel'> & {
  /** One a resolution, [channels, H]. */
  readonly kernels: tf.Tensor2D[]
}

/** Uploads the parameters of a committee for features of these levels; the caller disposes. */
export function uploadMapHead(
  shape: HeadShape,
  parameters: Float32Array,
  levels: FeatureGrid['levels'],
): MapMember[] {
  const { hiddenBias, outputKernel, outputBias, memberSize } = headLayout(shape)
  const { members, hidden, outputs } = shape
  return Array.from({ length: members }, (_, member) => {
    const own = parameters.slice(member * memberSize, (member + 1) * memberSize)
    let row = 0
    const kernels = resolutionsOf(levels).map(({ channels }) => {
      const rows = own.slice(row * hidden, (row + channels) * hidden)
      row += channels
      return tf.tensor2d(rows, [channels, hidden])
    })
    return {
      kernels,
      bias: tf.tensor1d(own.slice(hiddenBias, outputKernel)),
      outputKernel: tf.tensor2d(own.slice(outputKernel, outputBias), [hidden, outputs]),
      outputBias: tf.tensor1d(own.slice(outputBias)),
    }
  })
}

/**
 * A committee's raw outputs on the cells of a region whose sides lie at multiples of every level's coarseness, row-major
 * [K, rows * columns, C + 4] of the region; of the whole grid if left out.
 */
export async function rawOutputs(
  head: readonly MapMember[],
  features: CodedFeatures,
  region: CellRegion = { row: 0, column: 0, rows: features.rows, columns: features.columns },
): Promise<Float32Array> {
  const outputs = tf.tidy(() => {
    const maps = uploadLevels(features, region)
    return tf.concat(head.map((member) => outputLayer(member, hiddenMap(member, maps, region))))
  })
  try {
    return await outputs.data<'float32'>()
  } finally {
    outputs.dispose()
  }
}

/** Channels of the same resolution together, in the order of the channels: such levels follow each other. */
function resolutionsOf(levels: FeatureGrid['levels']): FeatureGrid['levels'] {
  const coarsenesses = [...new Set(levels.map(({ coarseness }) => coarseness))]
  return coarsenesses.map((coarseness) => {
    const own = levels.filter((level) => level.coarseness === coarseness)
    return { coarseness, channels: own.reduce((sum, { channels }) => sum + channels, 0) }
  })
}

/** The levels of one resolution, as far as a region of the grid needs them. */
interface ResolutionTensor {
  readonly coarseness: number
  /** [rows, columns, channels] at their own resolution. */
  readonly map: tf.Tensor3D
  /** Where the region begins in the map brought to the grid's resolution, in cells. */
  readonly begin: readonly [number, number]
}

/** One map a resolution. */
function uploadLevels(features: CodedFeatures, region: CellRegion): ResolutionTensor[] {
  const { levels } = features
  return resolutionsOf(levels).map(({ coarseness, channels }) => {
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
    const values = new Float32Array(part.rows * part.columns * channels)
    let first = 0
    for (const [index, level] of levels.entries()) {
      if (level.coarseness !== coarseness) continue
      copyLevel(features, index, part, values, channels, first)
      first += level.channels
    }
    return {
      coarseness,
      map: tf.tensor3d(values, [part.rows, part.columns, channels]),
      begin: [region.row - part.row * coarseness, region.column - part.column * coarseness],
    }
  })
}

/**
 * Writes part of a level's map, in cells of its own, as numbers.
 * @param stride numbers of a cell in `to`, of which the level's begin at `first`
 */
function copyLevel(
  features: CodedFeatures,
  level: number,
  { row, column, rows, columns }: CellRegion,
  to: Float32Array,
  stride: number,
  first: number,
): void {
  const { codes, scale, levels } = features
  const { coarseness, channels } = levels[level]
  const { start } = levelRange(features, level)
  const width = (features.columns / coarseness) * channels
  for (let line = 0; line < rows; line++) {
    let from = start + (row + line) * width + column * channels
    let at = line * columns * stride + first
    for (let cell = 0; cell < columns; cell++) {
      // Float32Array.from with a function takes forty times as long.
      for (let channel = 0; channel < channels; channel++)
        to[at + channel] = codes[from + channel] * scale
      from += channels
      at += stride
    }
  }
}

/**
 * A member's hidden activations on the region's cells, [rows * columns, H]. The layer is linear up to its rectifier, so a coarse
 * map goes through it at its own resolution, where it costs a fraction, and is interpolated after.
 */
function hiddenMap(
  { kernels, bias }: MapMember,
  resolutions: readonly ResolutionTensor[],
  region: CellRegion,
): tf.Tensor2D {
  const hidden = bias.size
  const products = resolutions.map(({ map }, index) => {
    const [rows, columns, channels] = map.shape
    const product = tf.fused.matMul({
      a: tf.reshape<tf.Rank.R2>(map, [rows * columns, channels]),
      b: kernels[index],
      ...(index === 0 && { bias }),
    })
    return tf.reshape<tf.Rank.R3>(product, [rows, columns, hidden])
  })
  return tf.reshape(rectifiedSumOf(products, resolutions, region), [-1, hidden])
}

/** The sum of the maps, brought to the grid's resolution, where it is positive, [rows, columns, H] of the region. */
function rectifiedSumOf(
  maps: readonly tf.Tensor3D[],
  resolutions: readonly ResolutionTensor[],
  region: CellRegion,
): tf.Tensor {
  const [fine, coarse] = maps
  const [first, second] = resolutions
  const kernel = tf.getKernel(rectifiedSumName, tf.getBackend()) as tf.KernelConfig | undefined
  if (kernel !== undefined && maps.length === 2 && first.coarseness === 1) {
    const attrs: RectifiedSumAttrs = second
    return tf.engine().runKernel(rectifiedSumName, { fine, coarse }, { ...attrs })
  }
  const parts = resolutions.map(({ coarseness, begin }, index) => {
    const whole = upsample(maps[index], coarseness)
    const size: [number, number, number] = [region.rows, region.columns, whole.shape[2]]
    return size.every((length, axis) => whole.shape[axis] === length)
      ? whole
      : tf.slice(whole, [...begin, 0], size)
  })
  return tf.relu(tf.addN(parts))
}
