import { describe, expect, it } from 'vitest'
import { readImageHeader } from '../../../src/media/header/read'
import {
  ANIMATED_GIF_24X16,
  ANIMATED_WEBP_24X16,
  AVIF_24X16,
  LOSSLESS_WEBP_24X16,
  asciiBytes,
  bytesFromBase64,
  concatBytes,
  monochromePng,
  pngChunk,
  tiffWithOrientation,
  withExifOrientation,
} from '../../helpers/media-images'

/** Start, frame of `width` x `height`, one scan with a stuffed zero and a restart marker, end. */
function jpegSkeleton(width: number, height: number): Uint8Array<ArrayBuffer> {
  return concatBytes(
    [0xff, 0xd8],
    [0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0],
    [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
    [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56],
    [0xff, 0xd9],
  )
}

describe('readImageHeader', () => {
  it.each([
    ['AVIF', AVIF_24X16, 'image/avif'],
    ['animated GIF', ANIMATED_GIF_24X16, 'image/gif'],
    ['animated WebP', ANIMATED_WEBP_24X16, 'image/webp'],
    ['lossless WebP', LOSSLESS_WEBP_24X16, 'image/webp'],
  ])('reads the size of an %s', (_name, base64, mimeType) => {
    expect(readImageHeader(bytesFromBase64(base64))).toEqual({
      mimeType,
      width: 24,
      height: 16,
      orientation: 1,
    })
  })

  it('reads the size of a lossy WebP', () => {
    const body = concatBytes(
      asciiBytes('WEBPVP8 '),
      [10, 0, 0, 0],
      [0, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01],
    )
    const webp = concatBytes(asciiBytes('RIFF'), [body.length, 0, 0, 0], body)
    expect(readImageHeader(webp)).toMatchObject({ width: 640, height: 480 })
  })

  it('reads a JPEG and ignores what follows its end', () => {
    const jpeg = concatBytes(jpegSkeleton(640, 480), asciiBytes('depth map'))
    expect(readImageHeader(jpeg)).toEqual({
      mimeType: 'image/jpeg',
      width: 640,
      height: 480,
      orientation: 1,
    })
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('reads EXIF orientation %i of JPEG and PNG', (orientation) => {
    expect(readImageHeader(withExifOrientation(jpegSkeleton(4, 3), orientation)).orientation).toBe(
      orientation,
    )
    const png = monochromePng(4, 3, [])
    const turned = concatBytes(
      png.subarray(0, 33),
      pngChunk('eXIf', tiffWithOrientation(orientation, 'II')),
      png.subarray(33),
    )
    expect(readImageHeader(turned).orientation).toBe(orientation)
  })

  it.each([0, 9, 65535])('takes the meaningless orientation %i for upright', (orientation) => {
    expect(readImageHeader(withExifOrientation(jpegSkeleton(4, 3), orientation)).orientation).toBe(
      1,
    )
  })

  it('survives an EXIF block whose directory points past its end', () => {
    const jpeg = withExifOrientation(jpegSkeleton(4, 3), 6)
    const tiff = 12
    jpeg.set([0xff, 0xff, 0xff, 0x00], tiff + 4)
    expect(readImageHeader(jpeg).orientation).toBe(1)
  })

  it('does not take the end marker of an embedded thumbnail for the end of the photo', () => {
    const jpeg = jpegSkeleton(640, 480)
    const thumbnail = jpegSkeleton(16, 12)
    const length = thumbnail.length + 2
    const whole = concatBytes(
      jpeg.subarray(0, 2),
      [0xff, 0xe1, length >> 8, length & 255],
      thumbnail,
      jpeg.subarray(2),
    )
    expect(readImageHeader(whole)).toMatchObject({ width: 640, height: 480 })
    expect(() => readImageHeader(whole.subarray(0, -1))).toThrow(/truncated JPEG/)
  })

  it.each([
    ['JPEG', jpegSkeleton(640, 480)],
    ['PNG', monochromePng(8, 8, [1, 2, 3])],
    ['AVIF', bytesFromBase64(AVIF_24X16)],
    ['WebP', bytesFromBase64(LOSSLESS_WEBP_24X16)],
  ])('calls every %s that is cut anywhere truncated', (format, whole) => {
    // from here on the first bytes identify the format, and an AVIF's first box is complete
    for (let length = 32; length < whole.length; length++) {
      expect(() => readImageHeader(whole.subarray(0, length)), `${length} bytes`).toThrow(
        `is a truncated ${format}: the file ends before the image does.`,
      )
    }
  })

  it('needs only the first frame of a GIF', () => {
    const gif = bytesFromBase64(ANIMATED_GIF_24X16)
    expect(readImageHeader(gif.subarray(0, 80))).toMatchObject({ width: 24, height: 16 })
    expect(() => readImageHeader(gif.subarray(0, 60))).toThrow(/truncated GIF/)
  })

  it.each([
    ['nothing', new Uint8Array(0), /is empty \(0 bytes\)/],
    [
      'text',
      new TextEncoder().encode('this is a text file'),
      /is not an image, whatever its name says/,
    ],
    [
      'a HEIC photo',
      concatBytes([0, 0, 0, 16], asciiBytes('ftypheic'), [0, 0, 0, 0]),
      /is a HEIC photo.*Convert/,
    ],
    ['a TIFF', concatBytes(asciiBytes('II*\0'), [8, 0, 0, 0]), /is a TIFF/],
    ['a BMP', asciiBytes('BM    '), /is a BMP/],
    ['an SVG', asciiBytes('<?xml version="1.0"?>\n<svg/>'), /is an SVG drawing/],
    ['a zip', asciiBytes('PK\x03\x04'), /is a zip archive/],
    ['a PNG without size', monochromePng(0, 5, []), /its size is 0 x 5 pixels/],
    ['a JPEG without frame', [0xff, 0xd8, 0xff, 0xd9], /it holds no image/],
    [
      'a GIF without frame',
      concatBytes(asciiBytes('GIF89a'), [1, 0, 1, 0, 0, 0, 0, 0x3b]),
      /it holds no frame/,
    ],
  ])('refuses %s and says why', (_name, bytes, message) => {
    expect(() => readImageHeader(Uint8Array.from(bytes))).toThrow(message)
  })

  it('refuses more pixels than the limit before anything is decoded', () => {
    expect(readImageHeader(monochromePng(25_000, 10_000, []))).toMatchObject({ width: 25_000 })
    expect(() => readImageHeader(monochromePng(25_000, 10_001, []))).toThrow(
      /has 25000 x 10001 pixels; the limit is 250 million in all/,
    )
  })
})
