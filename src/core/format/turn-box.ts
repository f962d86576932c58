import type { Box } from '../geometry/box'

/** True for orientations that swap width and height. */
export function isQuarterTurn(orientation: number): boolean {
  return orientation >= 5 && orientation <= 8
}

/**
 * Moves a box from the frame an image is stored in to the upright frame it is shown in.
 * @param box pixels of the stored frame, top-left origin
 * @param orientation EXIF orientation 1..8 (EXIF 2.32, tag 0x0112)
 * @param storedWidth width of the stored frame in pixels
 * @param storedHeight height of the stored frame in pixels
 * @returns the box in pixels of the upright frame, which is storedHeight wide for orientations 5 to 8
 * @throws RangeError when the orientation is not 1..8
 */
export function turnBox(
  box: Box,
  orientation: number,
  storedWidth: number,
  storedHeight: number,
): Box {
  const { x, y, width, height } = box
  const right = storedWidth - x - width
  const bottom = storedHeight - y - height
  switch (orientation) {
    case 1:
      return { x, y, width, height }
    case 2:
      return { x: right, y, width, height }
    case 3:
      return { x: right, y: bottom, width, height }
    case 4:
      return { x, y: bottom, width, height }
    case 5:
      return { x: y, y: x, width: height, height: width }
    case 6:
      return { x: bottom, y: x, width: height, height: width }
    case 7:
      return { x: bottom, y: right, width: height, height: width }
    case 8:
      return { x: y, y: right, width: height, height: width }
    default:
      throw new RangeError(`EXIF orientation must be an integer from 1 to 8, not ${orientation}.`)
  }
}
