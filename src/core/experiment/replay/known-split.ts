import type { ImageId } from '../../dataset/types'
import { seededRandom } from '../../random/seeded'

/** AP on fewer images says next to nothing. */
export const leastTestImages = 10
/** From fewer there is nothing to choose. */
export const leastPoolImages = 10

/** Of the labelled images, the share that stands in for a test split with too few labels. */
const drawnShare = 0.25

export interface KnownSplit<Image> {
  readonly pool: readonly Image[]
  readonly test: readonly Image[]
  /** The test split had too few labels: images of the pool were drawn to add to it. */
  readonly isTestDrawn: boolean
}

/**
 * What an experiment labels from and what it measures on: the labelled images of pool and test split, or, where the test
 * split has fewer than ten, those and a quarter of the pool's, always the same ones. They depend on the keys only.
 */
export function splitKnown<Image extends { readonly key: ImageId }>(
  pool: readonly Image[],
  test: readonly Image[],
): KnownSplit<Image> {
  const drawn = drawnTestImages(pool.length, test.length)
  if (drawn === 0) return { pool, test, isTestDrawn: false }
  const keys = pool.map(({ key }) => key).sort()
  const taken = new Set(seededRandom(1).fork('test images').shuffle(keys).slice(0, drawn))
  return {
    pool: pool.filter(({ key }) => !taken.has(key)),
    test: [...test, ...pool.filter(({ key }) => taken.has(key))],
    isTestDrawn: true,
  }
}

/** How many images of the pool are drawn to measure on, given the labelled images of both sides. */
export function drawnTestImages(pool: number, test: number): number {
  return test >= leastTestImages ? 0 : Math.round(pool * drawnShare)
}
