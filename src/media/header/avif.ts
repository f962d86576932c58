import { textAt, viewOf } from './bytes'
import { damaged, truncated, type ImageHeader } from './types'

interface MediaBox {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** The boxes of ISO/IEC 14496-12 between two offsets. */
function* boxesBetween(bytes: Uint8Array, from: number, to: number): Generator<MediaBox> {
  const view = viewOf(bytes)
  for (let offset = from; offset < to;) {
    if (offset + 8 > to) throw truncated('AVIF')
    let size = view.getUint32(offset)
    let header = 8
    if (size === 1) {
      if (offset + 16 > to) throw truncated('AVIF')
      size = Number(view.getBigUint64(offset + 8))
      header = 16
    } else if (size === 0) {
      size = to - offset
    }
    if (size < header) throw damaged('AVIF', `the box at byte ${offset} has size ${size}`)
    if (offset + size > to) throw truncated('AVIF')
    yield { type: textAt(bytes, offset + 4, 4), start: offset + header, end: offset + size }
    offset += size
  }
}

function findBox(bytes: Uint8Array, type: string, from: number, to: number): MediaBox {
  for (const box of boxesBetween(bytes, from, to)) if (box.type === type) return box
  throw damaged('AVIF', `it has no '${type}' box`)
}

/** True for files whose first box says they are AV1 images or image sequences. */
export function isAvif(bytes: Uint8Array): boolean {
  if (textAt(bytes, 4, 4) !== 'ftyp') return false
  const size = Math.min(viewOf(bytes).getUint32(0), bytes.length)
  for (let offset = 8; offset + 4 <= size; offset += 4) {
    if (/^avi[fs]$/.test(textAt(bytes, offset, 4))) return true
  }
  return false
}

/**
 * The largest size property of the file, which is the whole image where it is made of tiles.
 * Orientation is always 1: AVIF's own rotation is part of decoding, so no tool sees an unturned frame.
 * @throws ImageRefusedError when a box reaches past the end of the file or the size is missing.
 */
export function readAvifHeader(bytes: Uint8Array): ImageHeader {
  const view = viewOf(bytes)
  const topLevel = [...boxesBetween(bytes, 0, bytes.length)]
  const meta = topLevel.find((box) => box.type === 'meta')
  if (meta === undefined) throw truncated('AVIF')
  const inMeta = [...boxesBetween(bytes, meta.start + 4, meta.end)].some(
    (box) => box.type === 'idat',
  )
  if (!inMeta && !topLevel.some((box) => box.type === 'mdat')) throw truncated('AVIF')
  const properties = findBox(bytes, 'iprp', meta.start + 4, meta.end)
  const container = findBox(bytes, 'ipco', properties.start, properties.end)
  let width = 0
  let height = 0
  for (const box of boxesBetween(bytes, container.start, container.end)) {
    if (box.type !== 'ispe' || box.end - box.start < 12) continue
    const [nextWidth, nextHeight] = [view.getUint32(box.start + 4), view.getUint32(box.start + 8)]
    if (nextWidth * nextHeight > width * height) [width, height] = [nextWidth, nextHeight]
  }
  return { mimeType: 'image/avif', width, height, orientation: 1 }
}
