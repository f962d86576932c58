/** Box arithmetic of the annotator: pure, in original-image pixels with a top-left origin. */
import type { Box } from '../../core/geometry/box'
import { boxArea } from '../../core/geometry/overlap'

/** Pixels of the original image, top-left origin. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export const handles = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const
/** Where a box is held: the edges (n, e, s, w) that follow the pointer. */
export type Handle = (typeof handles)[number]

/** Smallest side of a box in image pixels; less cannot be told from a slip of the hand. */
const minBoxSide = 2

/** Coordinates are kept to a hundredth of a pixel: finer than any hand, and stable in text formats. */
function roundCoordinate(value: number): number {
  return Math.round(value * 100) / 100
}

/**
 * The box spanned by a fixed corner and a moving one, in any direction, clamped to the image, at least
 * `minBoxSide` on each side (growing away from the fixed corner, or back over it at the image's edge).
 */
export function boxFromCorners(fixed: Point, moving: Point, image: Size): Box {
  const [left, right] = span(fixed.x, moving.x, image.width)
  const [top, bottom] = span(fixed.y, moving.y, image.height)
  return fromEdges(left, top, right, bottom)
}

/** The box inside the image, with its smallest size kept. */
export function clampBox(box: Box, image: Size): Box {
  return boxFromCorners(
    { x: box.x, y: box.y },
    { x: box.x + box.width, y: box.y + box.height },
    image,
  )
}

/** Moves a box, keeping its size and keeping it inside the image. */
export function translateBox(box: Box, dx: number, dy: number, image: Size): Box {
  const x = clamp(box.x + dx, 0, Math.max(0, image.width - box.width))
  const y = clamp(box.y + dy, 0, Math.max(0, image.height - box.height))
  return { x: roundCoordinate(x), y: roundCoordinate(y), width: box.width, height: box.height }
}

/** Moves the held edges by (dx, dy); an edge dragged over the opposite one turns the box over. */
export function resizeBox(box: Box, handle: Handle, dx: number, dy: number, image: Size): Box {
  const west = handle.includes('w')
  const east = handle.includes('e')
  const north = handle.includes('n')
  const south = handle.includes('s')
  const fixed = {
    x: west ? box.x + box.width : box.x,
    y: north ? box.y + box.height : box.y,
  }
  const moving = {
    x: (west ? box.x : box.x + box.width) + (west || east ? dx : 0),
    y: (north ? box.y : box.y + box.height) + (north || south ? dy : 0),
  }
  return boxFromCorners(fixed, moving, image)
}

/** Moves the right and bottom edges; at the smallest size they stay, where a drag would turn the box over. */
export function growBox(box: Box, dx: number, dy: number, image: Size): Box {
  const right = box.x + Math.max(0, box.width + dx)
  const bottom = box.y + Math.max(0, box.height + dy)
  return boxFromCorners(box, { x: right, y: bottom }, image)
}

/** True when both have the same place and size, exactly. */
export function sameBox(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height
}

/** Where each handle sits on the box. */
export function handlePoint(box: Box, handle: Handle): Point {
  const x = handle.includes('w') ? 0 : handle.includes('e') ? 1 : 0.5
  const y = handle.includes('n') ? 0 : handle.includes('s') ? 1 : 0.5
  return { x: box.x + x * box.width, y: box.y + y * box.height }
}

/** True when the point lies in the box or within `margin` pixels of it. */
function containsPoint(box: Box, point: Point, margin = 0): boolean {
  return (
    point.x >= box.x - margin &&
    point.x <= box.x + box.width + margin &&
    point.y >= box.y - margin &&
    point.y <= box.y + box.height + margin
  )
}

/** True when the point lies within `margin` pixels of the box's outline. */
export function isOnOutline(box: Box, point: Point, margin: number): boolean {
  const inner = {
    x: box.x + margin,
    y: box.y + margin,
    width: box.width - 2 * margin,
    height: box.height - 2 * margin,
  }
  return (
    containsPoint(box, point, margin) &&
    !(inner.width > 0 && inner.height > 0 && containsPoint(inner, point))
  )
}

/** The item with the smallest box around the point; of equals the last, which is drawn on top. */
export function smallestAt<T extends { readonly box: Box }>(
  items: readonly T[],
  point: Point,
  margin = 0,
): T | undefined {
  let best: T | undefined
  for (const item of items) {
    if (!containsPoint(item.box, point, margin)) continue
    if (best === undefined || boxArea(item.box) <= boxArea(best.box)) best = item
  }
  return best
}

/** A box a fifth of the image wide and high around `centre`, for those who draw without a pointer. */
export function defaultBox(centre: Point, image: Size): Box {
  const width = Math.max(minBoxSide, image.width / 5)
  const height = Math.max(minBoxSide, image.height / 5)
  const box = { x: 0, y: 0, width: roundCoordinate(width), height: roundCoordinate(height) }
  return translateBox(box, centre.x - width / 2, centre.y - height / 2, image)
}

function fromEdges(left: number, top: number, right: number, bottom: number): Box {
  const x = roundCoordinate(left)
  const y = roundCoordinate(top)
  return {
    x,
    y,
    width: roundCoordinate(roundCoordinate(right) - x),
    height: roundCoordinate(roundCoordinate(bottom) - y),
  }
}

/** The ordered ends of a side, inside [0, limit] and at least the smallest side apart. */
function span(fixed: number, moving: number, limit: number): readonly [number, number] {
  const least = Math.min(minBoxSide, limit)
  const from = clamp(fixed, 0, limit)
  let to = clamp(moving, 0, limit)
  if (Math.abs(to - from) < least) {
    const ahead = to >= from ? from + least : from - least
    to = ahead > limit ? from - least : ahead < 0 ? from + least : ahead
  }
  return from < to ? [from, to] : [to, from]
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
