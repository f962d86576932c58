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

/** The left half that belongs to a right one, from bottom to top. */
function mirror(right: readonly Point[]): Point[] {
  return right.map((point) => ({ x: -point.x, y: point.y })).reverse()
}

/**
 * How far the round base of a can, jar or bottle bulges below its corners, as a fraction of the
 * width.
 */
export const baseBulge = 0.045

/** A round base, right to left: the corner points are lifted, the middle of the base stays at 0. */
function roundBase(width: number, baseHalf: number): Point[] {
  const lift = baseBulge * width
  return arc(0, -lift, baseHalf, lift, 0, Math.PI, 12)
}

/** Right half of a silhouette from top to bottom, in fractions of half the width and of the height (0 = base). */
type Stations = readonly (readonly [number, number])[]

const stations: Readonly<Record<Exclude<PackageShape, 'can'>, Stations>> = {
  box: [
    [1, 1],
    [1, 0],
  ],
  carton: [
    [0.93, 1],
    [0.93, 0.955],
    [1, 0.83],
    [1, 0],
  ],
  bottle: [
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
  ],
  jar: [
    [0.84, 1],
    [0.88, 0.99],
    [0.88, 0.855],
    [0.8, 0.85],
    [0.8, 0.825],
    [0.92, 0.79],
    [0.99, 0.74],
    [1, 0.69],
    [1, 0.09],
  ],
  pouch: [
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
  ],
  tube: [
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
  ],
}

function canOutline(width: number, height: number): Point[] {
  const half = width / 2
  const lift = baseBulge * width
  const top = arc(0, -height + lift, half * 0.95, lift, Math.PI, 2 * Math.PI, 12)
  const sides = [
    { x: half * 0.95, y: -height + lift * 2 },
    { x: half, y: -height + lift * 3 },
    { x: half, y: -lift * 2.4 },
  ]
  return [...top, ...sides, ...roundBase(width, half * 0.96), ...mirror(sides)]
}

/**
 * Silhouette of a package in its own frame: centimetres, middle of the base at the origin, y down
 * (so the package occupies y in [-height, 0]). The painters clip to it, so it is also exactly what
 * is drawn.
 */
export function packageOutline(shape: PackageShape, width: number, height: number): Point[] {
  if (shape === 'can') return canOutline(width, height)
  const half = width / 2
  const right = stations[shape].map(([x, up]) => ({ x: x * half, y: -up * height }))
  switch (shape) {
    case 'bottle':
      return [...right, ...roundBase(width, half * 0.96), ...mirror(right)]
    case 'jar':
      return [...right, ...roundBase(width, half * 0.95), ...mirror(right)]
    default:
      return [...right, ...mirror(right)]
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
