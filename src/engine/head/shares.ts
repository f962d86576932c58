import type { LossBatch } from '../../core/detection/loss'
import type { CellBatch } from './training-set'

/** The cells of a batch that one member of a committee trains on: those of some neighbouring images. */
export interface CellShare extends LossBatch {
  /** [N, D] of the share; a view of the batch's, as all its arrays. */
  readonly cells: Float32Array
  /** Position of the share's first cell in the batch. */
  readonly firstCell: number
}

/**
 * The images of a step that each member of a committee trains on, one list a member: neighbours, evenly spread over all,
 * none of them one that the member must not see.
 * @param standIns asked for other images when a member must see none of the step's
 */
export function shareImages<Image extends { readonly unseenBy: number | undefined }>(
  images: readonly Image[],
  members: number,
  imagesPerMember: number,
  standIns: () => readonly Image[],
): Image[][] {
  return Array.from({ length: members }, (_, member) => {
    const mayBeSeen = ({ unseenBy }: Image): boolean => unseenBy !== member
    const allowed = images.filter(mayBeSeen)
    const seen = allowed.length === 0 ? standIns().filter(mayBeSeen) : allowed
    const length = Math.min(seen.length, imagesPerMember)
    const first = Math.round((member * seen.length) / members)
    return Array.from({ length }, (__, at) => seen[(first + at) % seen.length]).flatMap(
      (image) => image ?? [],
    )
  })
}

/** Divides the cells of a batch among the members of a committee. */
export function divideBatch(batch: CellBatch, members: number): CellShare[] {
  const all = { first: 0, end: batch.images.length }
  return Array.from({ length: members }, (_, member) => {
    const { first, end } = batch.shares?.[member] ?? all
    return shareOf(batch, first, end)
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
