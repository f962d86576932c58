import { isAvif, readAvifHeader } from './avif'
import { textAt } from './bytes'
import { readGifHeader } from './gif'
import { readJpegHeader } from './jpeg'
import { readPngHeader } from './png'
import { ImageRefusedError, damaged, type ImageHeader } from './types'
import { readWebpHeader } from './webp'

/** Uncompressed, 250 million pixels are 1 GB; beyond that a browser tab is likely to be killed. */
const MAX_PIXELS = 250_000_000

const READABLE = 'JPEG, PNG, WebP, AVIF or GIF'

/** Formats people do try, named so that they know what to convert. */
function foreignFormat(bytes: Uint8Array): string | undefined {
  const start = textAt(bytes, 0, 4)
  if (textAt(bytes, 4, 4) === 'ftyp') {
    return /^(hei|hev|mif|msf)/.test(textAt(bytes, 8, 4)) ? 'a HEIC photo' : 'a video'
  }
  if (start === 'II*\0' || start === 'MM\0*') return 'a TIFF or camera raw image'
  if (start.startsWith('BM')) return 'a BMP image'
  if (start === '%PDF') return 'a PDF'
  if (start.startsWith('PK')) return 'a zip archive'
  if (/^\s*(<\?xml[^]*)?<svg/.test(textAt(bytes, 0, 1024))) return 'an SVG drawing'
  return undefined
}

function readByContent(bytes: Uint8Array): ImageHeader {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return readJpegHeader(bytes)
  if (textAt(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return readPngHeader(bytes)
  if (/^GIF8[79]a$/.test(textAt(bytes, 0, 6))) return readGifHeader(bytes)
  if (textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 4) === 'WEBP') return readWebpHeader(bytes)
  if (isAvif(bytes)) return readAvifHeader(bytes)
  const foreign = foreignFormat(bytes)
  throw new ImageRefusedError(
    foreign === undefined
      ? `is not an image, whatever its name says. Leave it out, or replace it by a ${READABLE} file.`
      : `is ${foreign}, which cannot be read here. Convert it to ${READABLE}.`,
  )
}

/**
 * Recognises an image by its content, reads its size without decoding it and checks that it is whole.
 * @throws ImageRefusedError when it is empty, no image, cut short, damaged or larger than `MAX_PIXELS`.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  if (bytes.length === 0) {
    throw new ImageRefusedError(
      'is empty (0 bytes). Copy it again from its source, or leave it out.',
    )
  }
  const header = readByContent(bytes)
  const { width, height } = header
  if (width === 0 || height === 0) throw damaged('image', `its size is ${width} x ${height} pixels`)
  if (width * height > MAX_PIXELS) {
    throw new ImageRefusedError(
      `has ${width} x ${height} pixels; the limit is ${MAX_PIXELS / 1e6} million in all. Scale it down, or leave it out.`,
    )
  }
  return header
}
