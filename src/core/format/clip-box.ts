import type { Box } from '../geometry/box'

/**
 * The part of a box that lies in the image.
 * @returns the same object when nothing was cut off, a new box when something was, undefined when nothing is left
 */
export function clipBox(box: Box, imageWidth: number, imageHeight: number): Box | undefined {
  const right = Math.min(box.x + box.width, imageWidth)
  const bottom = Math.min(box.y + box.height, imageHeight)
  const x = Math.max(box.x, 0)
  const y = Math.max(box.y, 0)
  if (!(right > x && bottom > y)) return undefined
  // kept as it is where it fits: (x + width) - x need not be width in floating point
  if (
    x === box.x &&
    y === box.y &&
    box.x + box.width <= imageWidth &&
    box.y + box.height <= imageHeight
  )
    return box
  return { x, y, width: right - x, height: bottom - y }
}
