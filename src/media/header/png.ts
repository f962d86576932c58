import { textAt, viewOf } from './bytes'
import { readTiffOrientation } from './exif'
import { damaged, truncated, type ImageHeader } from './types'

/**
 * Walks the chunks to IEND, so that a file cut short is found although decoders accept it.
 * Orientation comes from `eXIf`, which browsers apply.
 * @throws ImageRefusedError when the file is cut short or its first chunk is not IHDR.
 */
export function readPngHeader(bytes: Uint8Array): ImageHeader {
  const view = viewOf(bytes)
  if (bytes.length < 33) throw truncated('PNG')
  if (textAt(bytes, 12, 4) !== 'IHDR') throw damaged('PNG', 'it does not start with a header chunk')
  const size = { width: view.getUint32(16), height: view.getUint32(20) }
  let orientation = 1
  for (let offset = 8; ;) {
    if (offset + 12 > bytes.length) throw truncated('PNG')
    const length = view.getUint32(offset)
    if (offset + 12 + length > bytes.length) throw truncated('PNG')
    const type = textAt(bytes, offset + 4, 4)
    if (type === 'IEND') break
    if (type === 'eXIf')
      orientation = readTiffOrientation(bytes.subarray(offset + 8, offset + 8 + length))
    offset += 12 + length
  }
  return { mimeType: 'image/png', ...size, orientation }
}
