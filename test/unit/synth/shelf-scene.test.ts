import { describe, expect, test } from 'vitest'
import type { Camera } from '../../../src/synth/camera'
import { products } from '../../../src/synth/catalogue'
import { shelfCategories, shelfScene } from '../../../src/synth/index'
import { annotate, itemExtents } from '../../../src/synth/shelf-scene'
import type { ShelfItem } from '../../../src/synth/scene-types'

const count = 400
const scenes = Array.from({ length: count }, (_, index) => shelfScene(7, index))
const rare = products.flatMap((product, category) => (product.rare ? [category] : []))

function imagesShowing(category: number, from = scenes): number {
  return from.filter((scene) => scene.objects.some((object) => object.category === category)).length
}

describe('shelfScene', () => {
  test('equal seed and index give the equal scene', () => {
    for (const index of [0, 17, 399]) expect(shelfScene(7, index)).toEqual(scenes[index])
  })

  test('the seed and the index both change the scene', () => {
    expect(shelfScene(8, 0).items).not.toEqual(scenes[0].items)
    expect(scenes[1].items).not.toEqual(scenes[0].items)
  })

  test('every image holds 8 to 30 objects', () => {
    const counts = scenes.map((scene) => scene.objects.length)
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8)
    expect(Math.max(...counts)).toBeLessThanOrEqual(30)
  })

  test('every box has an area and lies inside its image', () => {
    for (const scene of scenes) {
      for (const { box } of scene.objects) {
        expect(box.width).toBeGreaterThan(0)
        expect(box.height).toBeGreaterThan(0)
        expect(box.x).toBeGreaterThanOrEqual(0)
        expect(box.y).toBeGreaterThanOrEqual(0)
        expect(box.x + box.width).toBeLessThanOrEqual(scene.width)
        expect(box.y + box.height).toBeLessThanOrEqual(scene.height)
      }
    }
  })

  test('there are eight categories, three of them rare', () => {
    expect(shelfCategories).toHaveLength(8)
    expect(new Set(shelfCategories.map(({ name }) => name)).size).toBe(8)
    expect(rare.map((category) => shelfCategories[category].name)).toEqual([
      'honey',
      'coffee',
      'mustard',
    ])
  })

  test('a rare product is in exactly one of every 22 images, the others in at least 40 %', () => {
    for (let category = 0; category < shelfCategories.length; category += 1) {
      if (rare.includes(category)) {
        for (let start = 0; start + 22 <= count; start += 22) {
          expect(imagesShowing(category, scenes.slice(start, start + 22))).toBe(1)
        }
        expect(imagesShowing(category) / count).toBeGreaterThanOrEqual(0.03)
        expect(imagesShowing(category) / count).toBeLessThanOrEqual(0.06)
      } else {
        expect(imagesShowing(category) / count).toBeGreaterThanOrEqual(0.4)
      }
    }
  })

  test('an index that is not a non-negative integer is refused', () => {
    for (const index of [-1, 0.5, Number.NaN]) {
      expect(() => shelfScene(7, index)).toThrow(/index is .*; pass a non-negative integer/)
    }
  })
})

describe('annotation', () => {
  // 10 pixels a centimetre, shelf origin at the image's top-left corner.
  const camera: Camera = {
    centre: { x: 0, y: 0 },
    pixelsPerCm: 10,
    roll: 0,
    slantX: 0,
    slantY: 0,
    principal: { x: 0, y: 0 },
  }

  /** A box 10 x 20 cm whose left lower corner is at (left, 30). */
  function item(left: number, category?: number): ShelfItem {
    const packaging = { ...products[0].packaging, shape: 'box' as const, width: 10, height: 20 }
    return { category, packaging, x: left + 5, y: 30, angle: 0, scale: 1, yaw: 0, shade: 1 }
  }

  function objects(items: ShelfItem[], occluded = false) {
    const sign = {
      kind: 'wobbler' as const,
      color: '#000000',
      text: '',
      outline: [
        { x: 0, y: 0 },
        { x: 64, y: 0 },
        { x: 64, y: 26 },
        { x: 0, y: 26 },
      ],
    }
    return annotate(items, itemExtents(items, occluded ? [sign] : [], camera, 640, 480))
  }

  test('an item of which 30 % shows is annotated with the box of that part', () => {
    expect(objects([item(10, 3), item(13)])).toEqual([
      { category: 3, box: { x: 100, y: 100, width: 30, height: 200 } },
    ])
  })

  test('an item of which 20 % shows is not annotated, the one in front of it is', () => {
    expect(objects([item(10, 3), item(12, 4)])).toEqual([
      { category: 4, box: { x: 120, y: 100, width: 100, height: 200 } },
    ])
  })

  test('a quarter is enough', () => {
    expect(objects([item(10, 3), item(12.5)])).toHaveLength(1)
  })

  test('what lies outside the image is hidden too', () => {
    expect(objects([item(-6, 1), item(56.4, 2)])).toEqual([
      { category: 1, box: { x: 0, y: 100, width: 40, height: 200 } },
      { category: 2, box: { x: 564, y: 100, width: 76, height: 200 } },
    ])
    expect(objects([item(-8, 1)])).toEqual([])
  })

  test('an occluder covers every item', () => {
    // The sign reaches down to 26 cm: 4 of 20 cm remain, a fifth.
    expect(objects([item(10, 3)], true)).toEqual([])
  })
})
