import type { Backbone, BackboneLevel } from '../backbone/backbone'
import { joinedChannels } from '../backbone/joined-features'
import type { Projection } from './protocol'

/** The part of a projection that belongs to one level of the backbone. */
export interface LevelProjection {
  readonly level: BackboneLevel
  /** One a tap, row-major [channels, components]. */
  readonly kernels: readonly Float32Array[]
  /** [components] */
  readonly offset: Float32Array
}

/**
 * A projection level by level; its matrix is zero elsewhere.
 * @throws Error when it was fitted for another backbone
 */
export function splitProjection(backbone: Backbone, projection: Projection): LevelProjection[] {
  const { inputChannels, matrix, outputChannels, offset } = projection
  const components = backbone.levels.reduce((sum, level) => sum + level.components, 0)
  if (inputChannels !== joinedChannels(backbone) || outputChannels !== components) {
    throw new Error(
      `The projection takes ${inputChannels} channels to ${outputChannels}, but the backbone has ` +
        `${joinedChannels(backbone)} for ${components}: it was fitted for another backbone. Fit it again.`,
    )
  }
  let row = 0
  let column = 0
  return backbone.levels.map((level) => {
    const columns = level.components
    const kernels = level.channels.map((rows) => {
      const kernel = new Float32Array(rows * columns)
      for (let own = 0; own < rows; own++) {
        const from = (row + own) * outputChannels + column
        kernel.set(matrix.subarray(from, from + columns), own * columns)
      }
      row += rows
      return kernel
    })
    const ownOffset = offset.slice(column, column + columns)
    column += columns
    return { level, kernels, offset: ownOffset }
  })
}

/** Matrix and offset of the projection with these parts; the inverse of `splitProjection`. */
export function joinProjection(
  parts: readonly LevelProjection[],
): Pick<Projection, 'matrix' | 'offset'> {
  const outputChannels = parts.reduce((sum, { level }) => sum + level.components, 0)
  const rows = parts.reduce(
    (sum, { level }) => sum + level.channels.reduce((channels, count) => channels + count, 0),
    0,
  )
  const matrix = new Float32Array(rows * outputChannels)
  const offset = new Float32Array(outputChannels)
  let row = 0
  let column = 0
  for (const { level, kernels, offset: ownOffset } of parts) {
    const columns = level.components
    for (const kernel of kernels) {
      for (let from = 0; from < kernel.length; from += columns, row++) {
        matrix.set(kernel.subarray(from, from + columns), row * outputChannels + column)
      }
    }
    offset.set(ownOffset, column)
    column += columns
  }
  return { matrix, offset }
}
