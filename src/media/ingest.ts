import { decodeImage } from './decode'
import { sha256Hex } from './hash'
import { readImageHeader } from './header/read'
import { ImageRefusedError, type ImageHeader } from './header/types'
import type { IngestedImage } from './protocol'

const THUMBNAIL_SIDE = 256
/** A file is read whole to be hashed; no photo a browser can decode is larger. */
const MAX_BYTES = 512 * 2 ** 20

async function makeThumbnail(bitmap: ImageBitmap): Promise<Blob> {
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(bitmap.width, bitmap.height))
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  )
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser gives no 2D canvas in a worker. Update it.')
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  const webp = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 })
  // a browser that cannot encode WebP answers with PNG, which is several times larger than JPEG
  return webp.type === 'image/webp'
    ? webp
    : canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 })
}

async function decodeWhole(file: Blob, header: ImageHeader): Promise<ImageBitmap> {
  try {
    return await decodeImage(file)
  } catch {
    throw new ImageRefusedError(
      `(${header.width} x ${header.height} pixels) could not be decoded: its data is damaged, or there is not enough memory. ` +
        'Open and save it in an image editor, scale it down, or leave it out.',
    )
  }
}

/** The orientation that the decoder applied: a quarter turn it left out shows in the size. */
function appliedOrientation(header: ImageHeader, bitmap: ImageBitmap): number {
  if (header.orientation < 5) return header.orientation
  return bitmap.width === header.height && bitmap.height === header.width ? header.orientation : 1
}

async function ingestUnnamed(file: Blob, signal: AbortSignal): Promise<IngestedImage> {
  if (file.size > MAX_BYTES) {
    throw new ImageRefusedError(
      `has ${Math.round(file.size / 2 ** 20)} MB; the limit is ${MAX_BYTES / 2 ** 20} MB. Save it smaller, or leave it out.`,
    )
  }
  const buffer = await file.arrayBuffer().catch(() => {
    throw new ImageRefusedError(
      'could not be read: it was moved, changed or is on a drive that is gone. Add it again.',
    )
  })
  signal.throwIfAborted()
  const header = readImageHeader(new Uint8Array(buffer))
  const sha256 = await sha256Hex(buffer)
  signal.throwIfAborted()
  const bitmap = await decodeWhole(new Blob([buffer], { type: header.mimeType }), header)
  try {
    signal.throwIfAborted()
    return {
      sha256,
      mimeType: header.mimeType,
      width: bitmap.width,
      height: bitmap.height,
      orientation: appliedOrientation(header, bitmap),
      thumbnail: await makeThumbnail(bitmap),
    }
  } finally {
    bitmap.close()
  }
}

/**
 * Checks, hashes and decodes one image file and makes its thumbnail.
 * @throws ImageRefusedError whose message starts with `name` and says what is wrong and what to do;
 *   the signal's reason when cancelled.
 */
export async function ingestImage(
  file: Blob,
  name: string,
  signal: AbortSignal,
): Promise<IngestedImage> {
  try {
    return await ingestUnnamed(file, signal)
  } catch (error) {
    if (error instanceof ImageRefusedError) throw new ImageRefusedError(`${name} ${error.message}`)
    throw error
  }
}
