import type { Box } from './box'

/** Places an image in a square network input: one scale for both axes, bars on the two short sides. */
export interface Letterbox {
  /** Side of the square, input pixels. */
  readonly size: number
  /** Input pixels an image pixel. */
  readonly scale: number
  /** Input pixel of the image's top-left corner. */
  readonly offsetX: number
  readonly offsetY: number
  /** Size of the placed image, input pixels. */
  readonly width: number
  readonly height: number
}

/**
 * The placement of an image, centred in a square of `size` input pixels.
 * @throws RangeError when a size is not positive.
 */
export function createLetterbox(imageWidth: number, imageHeight: number, size: number): Letterbox {
  if (!(imageWidth > 0 && imageHeight > 0 && size > 0)) {
    throw new RangeError(
      `Cannot letterbox an image of ${imageWidth} x ${imageHeight} pixels to ${size}: every size must be positive.`,
    )
  }
  const scale = Math.min(size / imageWidth, size / imageHeight)
  const width = imageWidth * scale
  const height = imageHeight * scale
  return { size, scale, offsetX: (size - width) / 2, offsetY: (size - height) / 2, width, height }
}

/** Image pixels to input pixels. */
export function toInputFrame(box: Box, { scale, offsetX, offsetY }: Letterbox): Box {
  return {
    x: box.x * scale + offsetX,
    y: box.y * scale + offsetY,
    width: box.width * scale,
    height: box.height * scale,
  }
}

/** Input pixels to image pixels; the inverse of `toInputFrame`. */
export function toImageFrame(box: Box, { scale, offsetX, offsetY }: Letterbox): Box {
  return {
    x: (box.x - offsetX) / scale,
    y: (box.y - offsetY) / scale,
    width: box.width / scale,
    height: box.height / scale,
  }
}
