import type { ImageId } from '../../core/dataset/types'
import type { Size } from '../../app/annotator/geometry'

/** Longest side in pixels at which a photo is shown; more is not seen on a screen and costs memory fourfold. */
export const longestShown = 4096
/** Decoded images kept: the open one and its neighbours. */
const kept = 3

/** Decodes images for the screen, off the main thread, and keeps the last few. Coordinates stay those of the original. */
export class ImageSource {
  readonly #read: (id: ImageId) => Promise<Blob | undefined>
  /** Least recently used first. */
  readonly #bitmaps = new Map<ImageId, Promise<ImageBitmap>>()

  constructor(read: (id: ImageId) => Promise<Blob | undefined>) {
    this.#read = read
  }

  /**
   * The upright image, at most `longestShown` pixels a side. The bitmap belongs to this source: draw it at once.
   * @throws an Error that says why the image cannot be shown; the next call tries again.
   */
  load(id: ImageId, size: Size): Promise<ImageBitmap> {
    const known = this.#bitmaps.get(id)
    const bitmap = known ?? this.#decode(id, size)
    this.#bitmaps.delete(id)
    this.#bitmaps.set(id, bitmap)
    if (known === undefined) bitmap.catch(() => this.#bitmaps.delete(id))
    for (const [old, decoded] of this.#bitmaps) {
      if (this.#bitmaps.size <= kept) break
      this.#bitmaps.delete(old)
      void release(decoded)
    }
    return bitmap
  }

  close(): void {
    for (const bitmap of this.#bitmaps.values()) void release(bitmap)
    this.#bitmaps.clear()
  }

  async #decode(id: ImageId, size: Size): Promise<ImageBitmap> {
    const blob = await this.#read(id)
    if (blob === undefined)
      throw new Error('The image file is no longer in this browser’s storage. Import it again.')
    const longest = Math.max(size.width, size.height)
    if (longest <= longestShown) return createImageBitmap(blob)
    const side = size.width === longest ? 'resizeWidth' : 'resizeHeight'
    return createImageBitmap(blob, { [side]: longestShown, resizeQuality: 'medium' })
  }
}

async function release(bitmap: Promise<ImageBitmap>): Promise<void> {
  try {
    const decoded = await bitmap
    decoded.close()
  } catch {
    // What was never decoded needs no closing; whoever asked for it was told the reason.
  }
}
