import { afterAll, describe, expect, it } from 'vitest'
import { turnBox } from '../../../src/core/format/turn-box'
import { createMediaClient } from '../../../src/media/client'
import {
  ANIMATED_GIF_24X16,
  ANIMATED_WEBP_24X16,
  AVIF_24X16,
  LOSSLESS_WEBP_24X16,
  bytesFromBase64,
  concatBytes,
  encodeDrawing,
  monochromePng,
  pixelOf,
  pngChunk,
  tiffWithOrientation,
  withExifOrientation,
} from '../../helpers/media-images'

const media = createMediaClient()
afterAll(() => media.close())

const ingest = (bytes: BlobPart, name = 'photo.jpg') =>
  media.call('ingest', { file: new Blob([bytes]), name })

/** Red with a blue upper left quarter. */
function paintQuarter(context: OffscreenCanvasRenderingContext2D): void {
  const { width, height } = context.canvas
  context.fillStyle = 'red'
  context.fillRect(0, 0, width, height)
  context.fillStyle = 'blue'
  context.fillRect(0, 0, width / 2, height / 2)
}

const isBlue = (pixel: readonly number[]): boolean =>
  (pixel[2] ?? 0) > 200 && (pixel[0] ?? 255) < 60

describe('ingest', () => {
  it.each(['image/jpeg', 'image/png', 'image/webp'] as const)(
    'reads %s by content',
    async (type) => {
      const bytes = await encodeDrawing(type, 640, 480, paintQuarter)
      const image = await ingest(bytes, 'wrong-extension.txt')
      expect(image).toMatchObject({ mimeType: type, width: 640, height: 480, orientation: 1 })
      expect(image.thumbnail.type).toBe('image/webp')
      const thumbnail = await createImageBitmap(image.thumbnail)
      expect([thumbnail.width, thumbnail.height]).toEqual([256, 192])
      expect(isBlue(await pixelOf(image.thumbnail, 5, 5))).toBe(true)
      expect(isBlue(await pixelOf(image.thumbnail, 250, 5))).toBe(false)
    },
  )

  it.each([
    ['image/avif', AVIF_24X16],
    ['image/webp', LOSSLESS_WEBP_24X16],
  ])('reads a small %s without enlarging its thumbnail', async (mimeType, base64) => {
    const image = await ingest(bytesFromBase64(base64))
    expect(image).toMatchObject({ mimeType, width: 24, height: 16 })
    const thumbnail = await createImageBitmap(image.thumbnail)
    expect([thumbnail.width, thumbnail.height]).toEqual([24, 16])
    expect(isBlue(await pixelOf(image.thumbnail, 2, 2))).toBe(true)
  })

  it.each([
    ['image/gif', ANIMATED_GIF_24X16],
    ['image/webp', ANIMATED_WEBP_24X16],
  ])('takes the first frame of an animated %s', async (mimeType, base64) => {
    const image = await ingest(bytesFromBase64(base64))
    expect(image).toMatchObject({ mimeType, width: 24, height: 16 })
    expect(isBlue(await pixelOf(image.thumbnail, 12, 8))).toBe(false)
  })

  it('hashes the bytes with SHA-256', async () => {
    // FIPS 180-2, appendix B.1
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(await media.call('hash', { file: new Blob(['abc']) })).toBe(abc)
    const bytes = await encodeDrawing('image/png', 8, 8, paintQuarter)
    expect((await ingest(bytes)).sha256).toBe(await media.call('hash', { file: new Blob([bytes]) }))
  })

  // where the stored upper left corner is shown, by the EXIF 2.32 table of orientations
  it.each([
    [1, 64, 32, 'left', 'top'],
    [2, 64, 32, 'right', 'top'],
    [3, 64, 32, 'right', 'bottom'],
    [4, 64, 32, 'left', 'bottom'],
    [5, 32, 64, 'left', 'top'],
    [6, 32, 64, 'right', 'top'],
    [7, 32, 64, 'right', 'bottom'],
    [8, 32, 64, 'left', 'bottom'],
  ] as const)('applies EXIF orientation %i once', async (orientation, width, height, side, end) => {
    const bytes = withExifOrientation(
      await encodeDrawing('image/jpeg', 64, 32, paintQuarter),
      orientation,
    )
    const image = await ingest(bytes)
    expect(image).toMatchObject({ width, height, orientation })
    const corners = [3, width - 4].flatMap((x) => [3, height - 4].map((y) => ({ x, y })))
    const expected = { x: side === 'left' ? 3 : width - 4, y: end === 'top' ? 3 : height - 4 }
    for (const { x, y } of corners) {
      expect(isBlue(await pixelOf(image.thumbnail, x, y)), `corner ${x}, ${y}`).toBe(
        x === expected.x && y === expected.y,
      )
    }
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'shows an object where turnBox says, orientation %i',
    async (orientation) => {
      const object = { x: 8, y: 4, width: 20, height: 10 }
      const bytes = await encodeDrawing('image/jpeg', 64, 32, (context) => {
        context.fillStyle = 'red'
        context.fillRect(0, 0, 64, 32)
        context.fillStyle = 'blue'
        context.fillRect(object.x, object.y, object.width, object.height)
      })
      const image = await ingest(withExifOrientation(bytes, orientation))
      const { x, y, width, height } = turnBox(object, orientation, 64, 32)
      for (const [column, row] of [
        [x + 2, y + 2],
        [x + width - 3, y + height - 3],
      ] as const) {
        expect(isBlue(await pixelOf(image.thumbnail, column, row))).toBe(true)
      }
      for (const [column, row] of [
        [x - 3, y + 2],
        [x + 2, y - 3],
        [x + width + 2, y + 2],
        [x + 2, y + height + 2],
      ] as const) {
        expect(isBlue(await pixelOf(image.thumbnail, column, row))).toBe(false)
      }
    },
  )

  it('applies the orientation of a PNG once', async () => {
    const png = await encodeDrawing('image/png', 64, 32, paintQuarter)
    const turned = concatBytes(
      png.subarray(0, 33),
      pngChunk('eXIf', tiffWithOrientation(6)),
      png.subarray(33),
    )
    const image = await ingest(turned)
    expect(image).toMatchObject({ width: 32, height: 64, orientation: 6 })
    expect(isBlue(await pixelOf(image.thumbnail, 28, 3))).toBe(true)
  })

  it('reads a photo of 12,000 x 9,000 pixels', async () => {
    const bytes = await encodeDrawing('image/jpeg', 12_000, 9_000, paintQuarter)
    const image = await ingest(bytes, 'huge.jpg')
    expect(image).toMatchObject({ width: 12_000, height: 9_000 })
    const thumbnail = await createImageBitmap(image.thumbnail)
    expect([thumbnail.width, thumbnail.height]).toEqual([256, 192])
    expect(isBlue(await pixelOf(image.thumbnail, 5, 5))).toBe(true)
  })

  it('keeps one pixel of height in the thumbnail of a very wide image', async () => {
    const image = await ingest(await encodeDrawing('image/png', 2000, 1, paintQuarter))
    const thumbnail = await createImageBitmap(image.thumbnail)
    expect([thumbnail.width, thumbnail.height]).toEqual([256, 1])
  })

  it.each([
    [
      'an empty file',
      new Uint8Array(0),
      'photo.jpg is empty (0 bytes). Copy it again from its source, or leave it out.',
    ],
    [
      'a text',
      'hello',
      'photo.jpg is not an image, whatever its name says. Leave it out, or replace it by a JPEG, PNG, WebP, AVIF or GIF file.',
    ],
    [
      'a bomb',
      monochromePng(60_000, 60_000, [1]),
      'photo.jpg has 60000 x 60000 pixels; the limit is 250 million in all. Scale it down, or leave it out.',
    ],
    [
      'a PNG whose data is garbage',
      monochromePng(8, 8, [1, 2, 3]),
      /^photo\.jpg \(8 x 8 pixels\) could not be decoded/,
    ],
  ])('refuses %s', async (_name, content, message) => {
    await expect(ingest(content)).rejects.toThrow(message)
  })

  it.each(['image/jpeg', 'image/png', 'image/webp'] as const)(
    'refuses a truncated %s, wherever it is cut',
    async (type) => {
      const bytes = await encodeDrawing(type, 320, 240, paintQuarter)
      for (const share of [0.3, 0.6, 0.95]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share))
        await expect(ingest(cut), `${share} of the file`).rejects.toThrow(
          /^photo\.jpg is a truncated/,
        )
      }
      await expect(ingest(bytes.subarray(0, -1))).rejects.toThrow(/truncated/)
    },
  )

  it('goes on after a refusal', async () => {
    await expect(ingest('no image')).rejects.toThrow()
    expect(await ingest(await encodeDrawing('image/png', 5, 4, paintQuarter))).toMatchObject({
      width: 5,
      height: 4,
    })
  })

  it('rejects with the reason when cancelled', async () => {
    const controller = new AbortController()
    const bytes = await encodeDrawing('image/jpeg', 2000, 2000, paintQuarter)
    const call = media.call(
      'ingest',
      { file: new Blob([bytes]), name: 'a' },
      { signal: controller.signal },
    )
    controller.abort(new Error('stopped by the user'))
    await expect(call).rejects.toThrow('stopped by the user')
  })
})
