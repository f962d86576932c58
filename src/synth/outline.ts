import type { Point } from './camera'
import type { PackageShape, ShelfItem } from './scene-types'

/** Points of an elliptic arc, angles in radians, clockwise with y down; both ends included. */
function arc(
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  from: number,
  to: number,
  steps: number,
): Point[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = from + ((to - from) * i) / steps
    return { x: cx + rx * Math.cos(angle), y: cy + ry * Math.sin(angle) }
  })
}

/** A right half profile from top to bottom, mirrored into a closed polygon. */
function mirrored(half: readonly Point[]): Point[] {
  const left = half.map((point) => ({ x: -point.x, y: point.y })).reverse()
  return [...half, ...left]
}

/** Half profile given in fractions of half the width and of the height (0 = base, 1 = top). */
function profile(
  width: number,
  height: number,
  stations: readonly (readonly [number, number])[],
): Point[] {
  return mirrored(stations.map(([x, up]) => ({ x: (x * width) / 2, y: -up * height })))
}

/**
 * How far the round base of a can, jar or bottle bulges below its corners, as a fraction of the
 * width.
 */
export const baseBulge = 0.045

/** A round base: the corner points are lifted, the middle of the base stays at 0. */
function withRoundBase(width: number, upper: readonly Point[], baseHalf: number): Point[] {
  const lift = baseBulge * width
  return [...upper, ...arc(0, -lift, baseHalf, lift, 0, Math.PI, 12)]
}

/**
 * Silhouette of a package in its own frame: centimetres, middle of the base at the origin, y down
 * (so the package occupies y in [-height, 0]). The painters clip to it, so it is also exactly what
 * is drawn.
 */
export function packageOutline(shape: PackageShape, width: number, height: number): Point[] {
  const half = width / 2
  switch (shape) {
    case 'box':
      return profile(width, height, [
        [1, 1],
        [1, 0],
      ])
    case 'carton':
      return profile(width, height, [
        [0.93, 1],
        [0.93, 0.955],
        [1, 0.83],
        [1, 0],
      ])
    case 'can': {
      const lift = baseBulge * width
      const top = arc(0, -height + lift, half * 0.95, lift, Math.PI, 2 * Math.PI, 12)
      const sides = [
        { x: half * 0.95, y: -height + lift * 2 },
        { x: half, y: -height + lift * 3 },
        { x: half, y: -lift * 2.4 },
      ]
      const left = sides.map((point) => ({ x: -point.x, y: point.y })).reverse()
      return [...top, ...sides, ...arc(0, -lift, half * 0.96, lift, 0, Math.PI, 12), ...left]
    }
    case 'bottle': {
      const right = [
        [0.34, 1],
        [0.36, 0.985],
        [0.36, 0.91],
        [0.31, 0.905],
        [0.31, 0.87],
        [0.36, 0.82],
        [0.56, 0.755],
        [0.78, 0.7],
        [0.94, 0.64],
        [1, 0.575],
        [1, 0.5],
        [0.97, 0.47],
        [0.97, 0.17],
        [1, 0.14],
        [1, 0.05],
      ].map(([x, up]) => ({ x: x * half, y: -up * height }))
      const left = right.map((point) => ({ x: -point.x, y: point.y })).reverse()
      return [...withRoundBase(width, right, half * 0.96), ...left]
    }
    case 'jar': {
      const right = [
        [0.84, 1],
        [0.88, 0.99],
        [0.88, 0.855],
        [0.8, 0.85],
        [0.8, 0.825],
        [0.92, 0.79],
        [0.99, 0.74],
        [1, 0.69],
        [1, 0.09],
      ].map(([x, up]) => ({ x: x * half, y: -up * height }))
      const left = right.map((point) => ({ x: -point.x, y: point.y })).reverse()
      return [...withRoundBase(width, right, half * 0.95), ...left]
    }
    case 'pouch':
      return profile(width, height, [
        [0.9, 1],
        [0.91, 0.93],
        [0.87, 0.9],
        [0.9, 0.8],
        [0.97, 0.65],
        [1, 0.45],
        [0.99, 0.25],
        [0.94, 0.08],
        [0.95, 0.02],
        [0.9, 0],
      ])
    case 'tube':
      return profile(width, height, [
        [1, 1],
        [1, 0.95],
        [0.98, 0.9],
        [0.9, 0.6],
        [0.84, 0.3],
        [0.78, 0.25],
        [0.6, 0.22],
        [0.62, 0.2],
        [0.66, 0.03],
        [0.62, 0],
      ])
  }
}

/** Silhouette of an item where it stands, in shelf centimetres. */
export function itemOutline(item: ShelfItem): Point[] {
  const { shape, width, height } = item.packaging
  const cos = Math.cos(item.angle) * item.scale
  const sin = Math.sin(item.angle) * item.scale
  return packageOutline(shape, width, height).map((point) => ({
    x: item.x + point.x * cos - point.y * sin,
    y: item.y + point.x * sin + point.y * cos,
  }))
}
