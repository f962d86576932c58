import type { ImageId, ImageLabel, ImageRecord } from './types'

/** The images a strategy may learn from and ask about; the test split is in neither list. */
export interface Pool {
  /** Labelling is done, be it with no box at all. */
  readonly labeled: readonly ImageId[]
  /** Everything else of the pool, labelling that has only begun included. */
  readonly unlabeled: readonly ImageId[]
}

/** Divides the images of the pool split by whether their label is done; keeps the order given. */
export function buildPool(
  images: readonly Pick<ImageRecord, 'id' | 'split'>[],
  labels: Iterable<Pick<ImageLabel, 'imageId' | 'status'>>,
): Pool {
  const done = new Set<ImageId>()
  for (const { imageId, status } of labels) if (status === 'done') done.add(imageId)
  const pool = images.filter(({ split }) => split === 'pool').map(({ id }) => id)
  return {
    labeled: pool.filter((id) => done.has(id)),
    unlabeled: pool.filter((id) => !done.has(id)),
  }
}
