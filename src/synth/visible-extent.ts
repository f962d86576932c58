import type { Box } from '../core/geometry/box'
import type { Point } from './camera'

/** What is left of one polygon after everything drawn later has covered it. */
export interface VisibleExtent {
  /** Visible area divided by the area of the whole polygon, the part outside the image included. */
  readonly fraction: number
  /** Tight box of the visible pixels; absent when nothing is visible. */
  readonly box: Box | undefined
}

/** Area of a simple polygon (shoelace formula). */
export function polygonArea(polygon: readonly Point[]): number {
  let twice = 0
  let previous = polygon[polygon.length - 1]
  for (const point of polygon) {
    twice += previous.x * point.y - point.x * previous.y
    previous = point
  }
  return Math.abs(twice) / 2
}

/** Writes `id` into every pixel whose centre lies inside the polygon (even-odd rule). */
function fillPolygon(
  ids: Uint16Array,
  width: number,
  height: number,
  polygon: readonly Point[],
  id: number,
): void {
  const ys = polygon.map((point) => point.y)
  const firstRow = Math.max(0, Math.ceil(Math.min(...ys) - 0.5))
  const lastRow = Math.min(height - 1, Math.floor(Math.max(...ys) - 0.5))
  for (let row = firstRow; row <= lastRow; row += 1) {
    const y = row + 0.5
    const crossings: number[] = []
    let previous = polygon[polygon.length - 1]
    for (const point of polygon) {
      if (previous.y <= y !== point.y <= y) {
        crossings.push(
          previous.x + ((y - previous.y) / (point.y - previous.y)) * (point.x - previous.x),
        )
      }
      previous = point
    }
    crossings.sort((a, b) => a - b)
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i] - 0.5))
      const to = Math.min(width - 1, Math.ceil(crossings[i + 1] - 0.5) - 1)
      if (from <= to) ids.fill(id, row * width + from, row * width + to + 1)
    }
  }
}

/**
 * Visible extents of polygons painted in the given order (later ones cover earlier ones) into an
 * image of width x height pixels. Polygons are in image pixels and may reach outside the image.
 * Exact to one pixel: visibility is decided at pixel centres.
 */
export function visibleExtents(
  polygons: readonly (readonly Point[])[],
  width: number,
  height: number,
): VisibleExtent[] {
  const ids = new Uint16Array(width * height)
  polygons.forEach((polygon, index) => fillPolygon(ids, width, height, polygon, index + 1))

  const counts = new Uint32Array(polygons.length + 1)
  const left = new Int32Array(polygons.length + 1).fill(width)
  const top = new Int32Array(polygons.length + 1).fill(height)
  const right = new Int32Array(polygons.length + 1)
  const bottom = new Int32Array(polygons.length + 1)
  for (let row = 0, at = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, at += 1) {
      const id = ids[at]
      if (id === 0) continue
      counts[id] += 1
      if (column < left[id]) left[id] = column
      if (column >= right[id]) right[id] = column + 1
      if (row < top[id]) top[id] = row
      bottom[id] = row + 1
    }
  }
  return polygons.map((polygon, index) => {
    const id = index + 1
    const area = polygonArea(polygon)
    if (counts[id] === 0 || area === 0) return { fraction: 0, box: undefined }
    return {
      fraction: Math.min(1, counts[id] / area),
      box: {
        x: left[id],
        y: top[id],
        width: right[id] - left[id],
        height: bottom[id] - top[id],
      },
    }
  })
}
