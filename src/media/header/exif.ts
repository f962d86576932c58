import { textAt, viewOf } from './bytes'

const ORIENTATION_TAG = 0x0112
const SHORT = 3

/**
 * The orientation of a TIFF block, which is what EXIF data is.
 * @returns 1..8; 1 when the block is broken or has no orientation, as decoders assume.
 */
export function readTiffOrientation(tiff: Uint8Array): number {
  const order = textAt(tiff, 0, 2)
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return 1
  const little = order === 'II'
  const view = viewOf(tiff)
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.length) return 1
  const count = view.getUint16(directory, little)
  for (let index = 0; index < count; index++) {
    const entry = directory + 2 + index * 12
    if (entry + 12 > tiff.length) return 1
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue
    const value = view.getUint16(entry + 8, little)
    return view.getUint16(entry + 2, little) === SHORT && value >= 1 && value <= 8 ? value : 1
  }
  return 1
}
