import type { ImageId } from './types'

/** By image id, so that nothing computed depends on the order in which images are given. */
export function sortedById<Image extends { readonly imageId: ImageId }>(
  images: Iterable<Image>,
): Image[] {
  return [...images].sort((a, b) => (a.imageId < b.imageId ? -1 : a.imageId > b.imageId ? 1 : 0))
}
