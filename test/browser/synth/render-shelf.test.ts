import { describe, expect, test } from 'vitest'
import type { Camera } from '../../../src/synth/camera'
import { products } from '../../../src/synth/catalogue'
import { renderShelf, shelfScene } from '../../../src/synth/index'
import { paintShelf } from '../../../src/synth/render-shelf'
import { annotate, itemExtents } from '../../../src/synth/shelf-scene'
import type { ShelfItem, ShelfScene } from '../../../src/synth/scene-types'

async function sha256(data: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

describe('renderShelf', () => {
  test('equal scenes give equal pixels and equal files, other scenes do not', async () => {
    const first = shelfScene(3, 5)
    const again = shelfScene(3, 5)
    const other = shelfScene(3, 6)
    const pixels = await sha256(paintShelf(first).data)
    expect(await sha256(paintShelf(again).data)).toBe(pixels)
    expect(await sha256(paintShelf(other).data)).not.toBe(pixels)
    const file = await sha256(await (await renderShelf(first)).arrayBuffer())
    expect(await sha256(await (await renderShelf(again)).arrayBuffer())).toBe(file)
  })

  test('the file is a JPEG of 640 x 480 pixels below 120 kB', async () => {
    for (let index = 0; index < 24; index += 1) {
      const blob = await renderShelf(shelfScene(3, index))
      expect(blob.type).toBe('image/jpeg')
      expect(blob.size).toBeLessThan(120_000)
      const bitmap = await createImageBitmap(blob)
      expect([bitmap.width, bitmap.height]).toEqual([640, 480])
      bitmap.close()
    }
  })
})

describe('boxes', () => {
  const straight: Camera = {
    // Chosen so that no upright of the wall is in view.
    centre: { x: -10, y: -10 },
    pixelsPerCm: 16,
    roll: 0,
    slantX: 0,
    slantY: 0,
    principal: { x: 320, y: 240 },
  }
  const cameras = [straight, { ...straight, roll: 0.06, slantX: 0.0005, slantY: -0.0003 }]

  /**
   * One item in front of a pure green wall: shadows keep it free of red and blue, packages do not.
   */
  function aloneOnGreen(item: ShelfItem, camera: Camera): ShelfScene {
    return {
      ...shelfScene(1, 0),
      camera,
      fixture: { wall: '#00ff00', board: '#00ff00', rail: '#00ff00', perforated: false },
      boards: [],
      items: [item],
      occluders: [],
      lighting: { gain: [1, 1, 1], vignette: 0, falloff: 0, glare: [] },
      capture: {
        noise: 0,
        noiseSeed: 1,
        defocus: 0,
        motion: 0,
        motionAngle: 0,
        quality: 0.85,
      },
      objects: annotate([item], itemExtents([item], [], camera, 640, 480)),
    }
  }

  function paintedExtent({ data, width, height }: ImageData): number[] {
    let [left, top, right, bottom] = [width, height, 0, 0]
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = (y * width + x) * 4
        if (data[at] + data[at + 2] < 24) continue
        left = Math.min(left, x)
        right = Math.max(right, x + 1)
        top = Math.min(top, y)
        bottom = Math.max(bottom, y + 1)
      }
    }
    return [left, top, right, bottom]
  }

  const poses = [
    { name: 'standing', x: -8, y: 0, angle: 0 },
    { name: 'leaning', x: -8, y: 0, angle: 0.14 },
    { name: 'fallen', x: -20, y: -6, angle: Math.PI / 2 },
    { name: 'cut off by the left edge', x: -27.3, y: 0, angle: 0 },
  ]

  test.each(
    products.flatMap(({ name }, category) => poses.map((pose) => ({ name, category, pose }))),
  )('the box of $name, $pose.name, is within 2 px of what is painted', ({ category, pose }) => {
    for (const camera of cameras) {
      const item = { ...pose, category, packaging: products[category].packaging }
      const scene = aloneOnGreen({ ...item, scale: 1, yaw: 0.3, shade: 1 }, camera)
      expect(scene.objects).toHaveLength(1)
      const { x, y, width, height } = scene.objects[0].box
      const painted = paintedExtent(paintShelf(scene))
      const expected = [x, y, x + width, y + height]
      for (let side = 0; side < 4; side += 1) {
        expect(Math.abs(painted[side] - expected[side])).toBeLessThanOrEqual(2)
      }
    }
  })
})
