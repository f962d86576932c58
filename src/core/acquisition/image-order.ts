import type { ImageEvidence } from './types'

/** By image id, so that nothing computed depends on the order in which images are given. */
export function sortedById<Image extends ImageEvidence>(images: readonly Image[]): Image[] {
  return [...images].sort((a, b) => (a.imageId < b.imageId ? -1 : 1))
}
