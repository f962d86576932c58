import type { Box } from '../../../core/geometry/box'
import type { ReviewItem } from '../../../core/notebook/types'

const aspect = 4 / 3
/** The boxes take this part of the region, so that one sees what is around them. */
const margin = 2.2
/** A thumbnail enlarged further would only be blurred. */
const mostZoom = 4

/**
 * What to show of an image: the label in question and what was detected, with some of what is around, 4 : 3, in the
 * image's pixels. It lies in the image as far as it fits.
 */
export function suspectRegion(
  item: ReviewItem,
  { width, height }: { readonly width: number; readonly height: number },
): Box {
  const boxes = item.kind === 'overlooked' ? [] : [item.label.box]
  const all = [...boxes, item.detection.box]
  const left = Math.min(...all.map(({ x }) => x))
  const top = Math.min(...all.map(({ y }) => y))
  const right = Math.max(...all.map((box) => box.x + box.width))
  const bottom = Math.max(...all.map((box) => box.y + box.height))
  // Of the whole image, when it is made to fit into 4 : 3.
  const whole = Math.max(width, height * aspect)
  const wanted = margin * Math.max(right - left, (bottom - top) * aspect)
  const size = Math.min(whole, Math.max(whole / mostZoom, wanted))
  return {
    x: place((left + right) / 2, size, width),
    y: place((top + bottom) / 2, size / aspect, height),
    width: size,
    height: size / aspect,
  }
}

/** Where a stretch of `size` about `centre` begins: within 0 to `limit`, or about its middle where it is longer. */
function place(centre: number, size: number, limit: number): number {
  if (size >= limit) return (limit - size) / 2
  return Math.min(limit - size, Math.max(0, centre - size / 2))
}
