import { textAt, viewOf } from './bytes'
import { damaged, truncated, type ImageHeader } from './types'

function readUint24(view: DataView, offset: number): number {
  return view.getUint16(offset, true) | (view.getUint8(offset + 2) << 16)
}

/**
 * Reads the size from the first chunk (RFC 9649). Orientation is always 1: browsers ignore EXIF in WebP.
 * @throws ImageRefusedError when the file is shorter than its RIFF header says, or its first chunk is unknown.
 */
export function readWebpHeader(bytes: Uint8Array): ImageHeader {
  const view = viewOf(bytes)
  if (bytes.length < 30 || view.getUint32(4, true) + 8 > bytes.length) throw truncated('WebP')
  const type = textAt(bytes, 12, 4)
  const header = { mimeType: 'image/webp', orientation: 1 } as const
  if (type === 'VP8X') {
    return { ...header, width: readUint24(view, 24) + 1, height: readUint24(view, 27) + 1 }
  }
  if (type === 'VP8 ') {
    return {
      ...header,
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
    }
  }
  if (type === 'VP8L') {
    const bits = view.getUint32(21, true)
    return { ...header, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  throw damaged('WebP', `its first chunk is '${type}'`)
}
