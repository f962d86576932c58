import { describe, expect, test } from 'vitest'
import { products } from '../../../src/synth/catalogue'
import { itemOutline, packageOutline } from '../../../src/synth/outline'
import type { PackageShape } from '../../../src/synth/scene-types'

const shapes: PackageShape[] = ['carton', 'box', 'can', 'bottle', 'jar', 'pouch', 'tube']

function extent(points: readonly { x: number; y: number }[]): number[] {
  const xs = points.map((point) => point.x)
  const ys = points.map((point) => point.y)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

describe('packageOutline', () => {
  test.each(shapes)('%s spans exactly its width and height above its base', (shape) => {
    const [left, top, right, bottom] = extent(packageOutline(shape, 8, 20))
    expect(left).toBeCloseTo(-4, 9)
    expect(right).toBeCloseTo(4, 9)
    expect(top).toBeCloseTo(-20, 9)
    expect(bottom).toBeCloseTo(0, 9)
  })

  test('an item that lies on its side swaps width and height', () => {
    const item = {
      packaging: { ...products[0].packaging, shape: 'box' as const, width: 6, height: 20 },
      x: 100,
      y: 50,
      angle: Math.PI / 2,
      scale: 0.5,
      yaw: 0,
      shade: 1,
    }
    const [left, top, right, bottom] = extent(itemOutline(item))
    expect(left).toBeCloseTo(100, 9)
    expect(right).toBeCloseTo(110, 9)
    expect(top).toBeCloseTo(48.5, 9)
    expect(bottom).toBeCloseTo(51.5, 9)
  })
})
