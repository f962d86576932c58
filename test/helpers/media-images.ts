/** Small image files for tests, drawn on a canvas or kept as bytes where browsers cannot encode the format. */

/** 24 x 16, red with a blue upper left quarter. */
export const AVIF_24X16 =
  'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUEAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAAACUAAAAoaWluZgAAAAAAAQAAABppbmZlAgAAAAABAABhdjAxQ29sb3IAAAAAamlwcnAAAABLaXBjbwAAABRpc3BlAAAAAAAAABgAAAAQAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgSAAAAAAABNjb2xybmNseAABAA0ABoAAAAAXaXBtYQAAAAAAAAABAAEEAQKDBAAAAC1tZGF0EgAKCDgQ7+wgIaDSMhdF4AJJJJFAug69RO5VXdKuqg1xhIfpUA=='
/** 24 x 16, two frames: red, then blue. */
export const ANIMATED_GIF_24X16 =
  'R0lGODlhGAAQAPAAAP8AAAAAACH5BAAUAAAAIf8LTkVUU0NBUEUyLjADAQAAACwAAAAAGAAQAAACEYSPqcvtD6OctNqLs968+68UACH5BAAUAAAALAAAAAAYABAAgAAA/wAAAAIRhI+py+0Po5y02ouz3rz7rxQAOw=='
/** 24 x 16, two frames: red, then blue. */
export const ANIMATED_WEBP_24X16 =
  'UklGRoQAAABXRUJQVlA4WAoAAAACAAAAFwAADwAAQU5JTQYAAAAAAP//AABBTk1GKAAAAAAAAAAAABcAAA8AAMgAAAJWUDhMDwAAAC8XwAMABxD9j/4HIqL/AQBBTk1GKAAAAAAAAAAAABcAAA8AAMgAAABWUDhMDwAAAC8XwAMABxDR//4HIqL/AQA='
/** 24 x 16, lossless, red with a blue upper left quarter. */
export const LOSSLESS_WEBP_24X16 =
  'UklGRigAAABXRUJQVlA4TBwAAAAvF8ADAA8Q87//8x8OhASE/2s9UE2I6P8EYNMP'

export function bytesFromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

export function concatBytes(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

export function asciiBytes(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0))
}

/** A TIFF block with one tag: the orientation. */
export function tiffWithOrientation(
  orientation: number,
  order: 'II' | 'MM' = 'MM',
): Uint8Array<ArrayBuffer> {
  const little = order === 'II'
  const tiff = new Uint8Array(26)
  const view = new DataView(tiff.buffer)
  tiff.set(asciiBytes(order))
  view.setUint16(2, 42, little)
  view.setUint32(4, 8, little)
  view.setUint16(8, 1, little)
  view.setUint16(10, 0x0112, little)
  view.setUint16(12, 3, little)
  view.setUint32(14, 1, little)
  view.setUint16(18, orientation, little)
  return tiff
}

/** The JPEG with an EXIF segment put right after its start marker. */
export function withExifOrientation(
  jpeg: Uint8Array,
  orientation: number,
): Uint8Array<ArrayBuffer> {
  const body = concatBytes(asciiBytes('Exif\0\0'), tiffWithOrientation(orientation))
  const length = body.length + 2
  return concatBytes(
    jpeg.subarray(0, 2),
    [0xff, 0xe1, length >> 8, length & 255],
    body,
    jpeg.subarray(2),
  )
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

export function pngChunk(type: string, data: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const body = concatBytes(asciiBytes(type), data)
  const chunk = concatBytes([0, 0, 0, 0], body, [0, 0, 0, 0])
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  view.setUint32(4 + body.length, crc32(body))
  return chunk
}

/** A PNG of one bit a pixel whose header declares the size; `data` is the zlib stream of its rows. */
export function monochromePng(
  width: number,
  height: number,
  data: ArrayLike<number>,
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header[8] = 1
  return concatBytes(
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', []),
  )
}

/** Encodes what `draw` paints on a canvas; only where there is one. */
export async function encodeDrawing(
  type: 'image/jpeg' | 'image/png' | 'image/webp',
  width: number,
  height: number,
  draw: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no 2D canvas here')
  draw(context)
  const blob = await canvas.convertToBlob({ type, quality: 0.95 })
  if (blob.type !== type) throw new Error(`this browser encodes ${blob.type} for ${type}`)
  return new Uint8Array(await blob.arrayBuffer())
}

/** `[red, green, blue]` of one pixel of an encoded image, as the browser decodes it. */
export async function pixelOf(image: Blob, x: number, y: number): Promise<number[]> {
  const bitmap = await createImageBitmap(image)
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no 2D canvas here')
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return [...context.getImageData(x, y, 1, 1).data.subarray(0, 3)]
}
