import type { Box } from './box'

/** Area in square pixels; 0 for a box without extent. */
export function boxArea(box: Box): number {
  return Math.max(0, box.width) * Math.max(0, box.height)
}

/** Area shared by two boxes of the same frame, in square pixels. */
export function intersectionArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width > 0 && height > 0 ? width * height : 0
}

/** Intersection over union, 0..1; 0 when both boxes are empty. */
export function boxIou(a: Box, b: Box): number {
  const intersection = intersectionArea(a, b)
  const union = boxArea(a) + boxArea(b) - intersection
  return union > 0 ? intersection / union : 0
}

/**
 * The part of `box` inside an image of this size, in pixels of the same frame.
 * @returns the same object when nothing was cut off, a new box when something was, undefined when nothing is left or
 *   a number is NaN
 */
export function clipBox(box: Box, imageWidth: number, imageHeight: number): Box | undefined {
  const left = Math.max(0, box.x)
  const top = Math.max(0, box.y)
  const right = Math.min(imageWidth, box.x + box.width)
  const bottom = Math.min(imageHeight, box.y + box.height)
  // Written so that NaN is rejected too.
  if (!(right > left && bottom > top)) return undefined
  const isInside =
    left === box.x && top === box.y && right === box.x + box.width && bottom === box.y + box.height
  // Kept as it is where it fits: (x + width) - x need not be width in floating point.
  return isInside ? box : { x: left, y: top, width: right - left, height: bottom - top }
}
