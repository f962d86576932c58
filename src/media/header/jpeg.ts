import { textAt, viewOf } from './bytes'
import { readTiffOrientation } from './exif'
import { damaged, truncated, type ImageHeader } from './types'

const START_OF_SCAN = 0xda
const END_OF_IMAGE = 0xd9
const EXIF_SEGMENT = 0xe1
const EXIF_PREFIX = 'Exif\0\0'

/** Start-of-frame markers; C4, C8 and CC share their range but mean something else. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** Markers that stand alone, without a length. */
function isBare(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
}

/** Offset of the next marker after entropy-coded data; stuffed zeros and restart markers belong to the data. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next === undefined) break
    if (next !== 0x00 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  throw truncated('JPEG')
}

/**
 * Walks the markers of ITU-T T.81 to the end-of-image marker, so that a file cut short is found even where a
 * decoder would fill the rest with grey. Data after the end (a phone's depth map) is ignored.
 * @throws ImageRefusedError when the file is cut short or has no frame.
 */
export function readJpegHeader(bytes: Uint8Array): ImageHeader {
  const view = viewOf(bytes)
  let frame: { width: number; height: number } | undefined
  let orientation: number | undefined
  let offset = 2
  for (;;) {
    if (offset + 2 > bytes.length) throw truncated('JPEG')
    if (bytes[offset] !== 0xff) throw damaged('JPEG', `there is no marker at byte ${offset}`)
    const marker = view.getUint8(offset + 1)
    if (marker === 0xff) {
      offset += 1 // fill byte
      continue
    }
    offset += 2
    if (marker === END_OF_IMAGE) break
    if (isBare(marker)) continue
    if (offset + 2 > bytes.length) throw truncated('JPEG')
    const length = view.getUint16(offset)
    if (length < 2) throw damaged('JPEG', `the segment at byte ${offset} has length ${length}`)
    if (offset + length > bytes.length) throw truncated('JPEG')
    const body = bytes.subarray(offset + 2, offset + length)
    if (isFrame(marker) && length >= 8) {
      frame ??= { height: view.getUint16(offset + 3), width: view.getUint16(offset + 5) }
    } else if (marker === EXIF_SEGMENT && textAt(body, 0, 6) === EXIF_PREFIX) {
      orientation ??= readTiffOrientation(body.subarray(6))
    }
    offset += length
    if (marker === START_OF_SCAN) offset = endOfScan(bytes, offset)
  }
  if (frame === undefined) throw damaged('JPEG', 'it holds no image')
  return { mimeType: 'image/jpeg', ...frame, orientation: orientation ?? 1 }
}
