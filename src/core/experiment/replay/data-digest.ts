import { hashHex } from '../../random/hash'

/** A labelled image, under an id that is the same wherever the experiment runs. */
export interface DigestedImage {
  readonly imageId: string
  /** Its boxes, as JSON holds them. */
  readonly truth: readonly unknown[]
}

/**
 * Digest of images and labels, whatever the order of the images; that of the categories counts, and that of the boxes on
 * an image.
 * @param parts the pool, the test split
 */
export function digestData(
  categories: readonly unknown[],
  parts: Readonly<Record<string, readonly DigestedImage[]>>,
): string {
  const lines = Object.entries(parts).flatMap(([part, images]) =>
    images.map(({ imageId, truth }) => JSON.stringify([part, imageId, truth])),
  )
  return hashHex(JSON.stringify([categories, lines.sort()]), 4)
}
