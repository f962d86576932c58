import type { LossBatch } from '../core/detection/loss'
import type { CellBatch } from './training-set'

/** The cells of a batch that one member of a committee trains on: those of some neighbouring images. */
export interface CellShare extends LossBatch {
  /** [N, D] of the share; a view of the batch's, as all its arrays. */
  readonly cells: Float32Array
  /** Position of the share's first cell in the batch. */
  readonly firstCell: number
}

/**
 * Divides the images of a batch among the members of a committee, as in bagging (Breiman 1996): runs of neighbouring
 * images, evenly spread over all, which overlap where they are longer than their distance.
 */
export function divideBatch(batch: CellBatch, members: number): CellShare[] {
  const { images, imagesPerMember } = batch
  const length = Math.min(images.length, imagesPerMember)
  const distance = (images.length - length) / Math.max(1, members - 1)
  return Array.from({ length: members }, (_, member) => {
    const first = Math.round(member * distance)
    return shareOf(batch, first, first + length)
  })
}

/** The cells of the images from `first` up to, not including, `end`. */
function shareOf(batch: CellBatch, first: number, end: number): CellShare {
  const { images, cellCount, classCount } = batch
  const from = images[first]?.firstCell ?? cellCount
  const to = images[end]?.firstCell ?? cellCount
  const part = (values: Float32Array): Float32Array => {
    const width = values.length / cellCount
    return values.subarray(from * width, to * width)
  }
  return {
    firstCell: from,
    cellCount: to - from,
    classCount,
    objectCount: images.slice(first, end).reduce((sum, image) => sum + image.objectCount, 0),
    cells: part(batch.cells),
    heat: part(batch.heat),
    distances: part(batch.distances),
    cellWeights: part(batch.cellWeights),
    boxWeights: part(batch.boxWeights),
  }
}
