import type { View } from '../../core/detection/view'
import { createLetterbox, type Letterbox } from '../../core/geometry/letterbox'
import { decodeImage as decodeUpright } from '../../media/decode'
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

/** How an image is drawn; in its own colours unless gains are given. */
type ShownView = Pick<View, 'mirrored' | 'letterbox'> & Partial<Pick<View, 'gains'>>

const barColor = 'rgb(128, 128, 128)'

/**
 * Decodes an image with its EXIF orientation applied once.
 * @throws Error when the bytes are not an image this browser can read.
 */
export async function decodeImage({ imageId, blob }: EmbedImage): Promise<ImageBitmap> {
  try {
    return await decodeUpright(blob)
  } catch (error) {
    throw new Error(
      `Image ${imageId} cannot be decoded (${blob.size} bytes, type '${blob.type}'): ` +
        'the file is damaged or of a kind this browser does not read. Remove it or import a whole copy.',
      { cause: error },
    )
  }
}

/** A decoded bitmap, or why there is none; never rejects, so that it can be awaited late. */
type Decoded = { readonly bitmap: ImageBitmap } | { readonly error: unknown }

function startDecoding(image: EmbedImage | undefined): Promise<Decoded> | undefined {
  if (image === undefined) return undefined
  return decodeImage(image).then(
    (bitmap) => ({ bitmap }),
    (error: unknown) => ({ error }),
  )
}

/** Decodes images one ahead of their use: the browser decodes on another thread while the network runs. */
export async function* decodeAhead(
  images: readonly EmbedImage[],
): AsyncGenerator<[EmbedImage, Decoded]> {
  let next = startDecoding(images[0])
  try {
    for (const [index, image] of images.entries()) {
      const decoded = await next
      next = startDecoding(images[index + 1])
      if (decoded !== undefined) yield [image, decoded]
    }
  } finally {
    const unused = await next
    if (unused !== undefined && 'bitmap' in unused) unused.bitmap.close()
  }
}

/** Draws bitmaps on one square canvas of `size` pixels, aspect kept, grey bars. */
export class Letterboxer {
  readonly size: number
  readonly #context: OffscreenCanvasRenderingContext2D
  readonly #pixels: Float32Array

  constructor(size: number) {
    this.size = size
    const context = new OffscreenCanvas(size, size).getContext('2d', { willReadFrequently: true })
    if (context === null)
      throw new Error('This browser cannot draw off screen; update it or use another one.')
    context.imageSmoothingEnabled = true
    context.imageSmoothingQuality = 'high'
    this.#context = context
    this.#pixels = new Float32Array(size * size * 3)
  }

  /** As `draw`, but takes the bitmap over and closes it. */
  place(bitmap: ImageBitmap, view?: ShownView): LetterboxedImage {
    const image = this.draw(bitmap, view)
    bitmap.close()
    return image
  }

  /**
   * The pixels are valid until the next call.
   * @param view where and how the image is drawn; unchanged in the middle unless given
   */
  draw(bitmap: ImageBitmap, view?: ShownView): LetterboxedImage {
    const { size } = this
    const { width: imageWidth, height: imageHeight } = bitmap
    const { offsetX, offsetY, width, height } =
      view?.letterbox ?? createLetterbox(imageWidth, imageHeight, size)
    this.#context.resetTransform()
    this.#context.fillStyle = barColor
    this.#context.fillRect(0, 0, size, size)
    if (view?.mirrored === true) this.#context.setTransform(-1, 0, 0, 1, 2 * offsetX + width, 0)
    this.#context.drawImage(bitmap, offsetX, offsetY, width, height)
    const { data } = this.#context.getImageData(0, 0, size, size)
    const pixels = this.#pixels
    // One read a pixel, least significant byte first as on every machine that runs browsers.
    const words = new Uint32Array(data.buffer)
    for (let index = 0, to = 0; index < words.length; index++, to += 3) {
      const rgba = words[index] ?? 0
      pixels[to] = rgba & 255
      pixels[to + 1] = (rgba >> 8) & 255
      pixels[to + 2] = (rgba >> 16) & 255
    }
    if (view?.gains !== undefined) applyGains(pixels, size, view.letterbox, view.gains)
    return { pixels, size, imageWidth, imageHeight }
  }
}

/** Multiplies red, green and blue of the image by a factor each, in place; the bars keep their grey. */
function applyGains(
  pixels: Float32Array,
  size: number,
  { offsetX, offsetY, width, height }: Letterbox,
  gains: View['gains'],
): void {
  const clamp = (value: number): number => Math.min(size, Math.max(0, Math.round(value)))
  const [left, right] = [clamp(offsetX), clamp(offsetX + width)]
  for (let row = clamp(offsetY); row < clamp(offsetY + height); row++) {
    for (let at = (row * size + left) * 3; at < (row * size + right) * 3; at += 3) {
      for (let channel = 0; channel < 3; channel++) {
        const value = (pixels[at + channel] ?? 0) * (gains[channel] ?? 1)
        pixels[at + channel] = Math.min(255, value)
      }
    }
  }
}
