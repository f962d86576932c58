import { viewOf } from './bytes'
import { damaged, truncated, type ImageHeader } from './types'

const EXTENSION = 0x21
const IMAGE = 0x2c
const TRAILER = 0x3b

/** Bytes of a colour table whose size is in the low bits of `packed`; bit 7 says whether there is one. */
function colorTableBytes(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0
}

/**
 * Reads up to the end of the first frame, the only one that is used; a cut after it does no harm.
 * @throws ImageRefusedError when the first frame is incomplete or missing.
 */
export function readGifHeader(bytes: Uint8Array): ImageHeader {
  const view = viewOf(bytes)
  const byteAt = (at: number): number => {
    if (at >= bytes.length) throw truncated('GIF')
    return view.getUint8(at)
  }
  const endOfSubBlocks = (start: number): number => {
    let at = start
    for (let length = byteAt(at); length > 0; length = byteAt(at)) at += length + 1
    return at + 1
  }
  if (bytes.length < 13) throw truncated('GIF')
  let offset = 13 + colorTableBytes(byteAt(10))
  for (;;) {
    const kind = byteAt(offset)
    if (kind === EXTENSION) {
      offset = endOfSubBlocks(offset + 2)
    } else if (kind === IMAGE) {
      endOfSubBlocks(offset + 11 + colorTableBytes(byteAt(offset + 9)))
      break
    } else if (kind === TRAILER) {
      throw damaged('GIF', 'it holds no frame')
    } else {
      throw damaged('GIF', `there is no block at byte ${offset}`)
    }
  }
  return {
    mimeType: 'image/gif',
    width: view.getUint16(6, true),
    height: view.getUint16(8, true),
    orientation: 1,
  }
}
