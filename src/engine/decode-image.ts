import { createLetterbox } from '../core/geometry/letterbox'
import type { EmbedImage } from './protocol'

/** A decoded image on the square network input. */
export interface LetterboxedImage {
  /** Row-major [size, size, 3], RGB 0..255. */
  readonly pixels: Float32Array
  readonly size: number
  /** Original pixels, EXIF orientation applied. */
  readonly imageWidth: number
  readonly imageHeight: number
}

const barColor = 'rgb(128, 128, 128)'

/**
 * Decodes an image with its EXIF orientation applied once.
 * @throws Error when the bytes are not an image this browser can read.
 */
export async function decodeImage({ imageId, blob }: EmbedImage): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, { imageOrientation: 'from-image' })
  } catch (error) {
    throw new Error(
      `Image ${imageId} cannot be decoded (${blob.size} bytes, type '${blob.type}'): ` +
        'the file is damaged or of a kind this browser does not read. Remove it or import a whole copy.',
      { cause: error },
    )
  }
}

/** Draws bitmaps on one square canvas of `size` pixels, aspect kept, grey bars. */
export class Letterboxer {
  readonly size: number
  readonly #context: OffscreenCanvasRenderingContext2D

  constructor(size: number) {
    this.size = size
    const context = new OffscreenCanvas(size, size).getContext('2d', { willReadFrequently: true })
    if (context === null)
      throw new Error('This browser cannot draw off screen; update it or use another one.')
    context.imageSmoothingEnabled = true
    context.imageSmoothingQuality = 'high'
    this.#context = context
  }

  /** Takes the bitmap over and closes it. */
  place(bitmap: ImageBitmap): LetterboxedImage {
    const { size } = this
    const { width: imageWidth, height: imageHeight } = bitmap
    const letterbox = createLetterbox(imageWidth, imageHeight, size)
    this.#context.fillStyle = barColor
    this.#context.fillRect(0, 0, size, size)
    this.#context.drawImage(
      bitmap,
      letterbox.offsetX,
      letterbox.offsetY,
      letterbox.width,
      letterbox.height,
    )
    bitmap.close()
    const rgba = this.#context.getImageData(0, 0, size, size).data
    const pixels = new Float32Array(size * size * 3)
    for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
      pixels[to] = rgba[from] ?? 0
      pixels[to + 1] = rgba[from + 1] ?? 0
      pixels[to + 2] = rgba[from + 2] ?? 0
    }
    return { pixels, size, imageWidth, imageHeight }
  }
}
