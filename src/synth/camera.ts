/** A position; the frame (shelf centimetres or image pixels) is named where it is used. */
export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * Maps the shelf plane (centimetres, y down) to the image (pixels, top-left origin): scale about
 * `centre`, roll, then a projective slant. With slant s, a point u pixels right of the principal
 * point is divided by 1 + s u, so straight lines stay straight.
 */
export interface Camera {
  readonly centre: Point
  readonly pixelsPerCm: number
  /** Radians, clockwise in the image. */
  readonly roll: number
  readonly slantX: number
  readonly slantY: number
  /** Image point the centre falls on. */
  readonly principal: Point
}

/** Image position of a shelf point. */
export function toImage(camera: Camera, point: Point): Point {
  const dx = (point.x - camera.centre.x) * camera.pixelsPerCm
  const dy = (point.y - camera.centre.y) * camera.pixelsPerCm
  const cos = Math.cos(camera.roll)
  const sin = Math.sin(camera.roll)
  const u = dx * cos - dy * sin
  const v = dx * sin + dy * cos
  const w = 1 + camera.slantX * u + camera.slantY * v
  return { x: camera.principal.x + u / w, y: camera.principal.y + v / w }
}

/** Shelf position seen at an image point: the inverse of `toImage`. */
export function toShelf(camera: Camera, point: Point): Point {
  const a = point.x - camera.principal.x
  const b = point.y - camera.principal.y
  const w = 1 / (1 - camera.slantX * a - camera.slantY * b)
  const u = a * w
  const v = b * w
  const cos = Math.cos(camera.roll)
  const sin = Math.sin(camera.roll)
  return {
    x: camera.centre.x + (u * cos + v * sin) / camera.pixelsPerCm,
    y: camera.centre.y + (v * cos - u * sin) / camera.pixelsPerCm,
  }
}

/** Smallest upright rectangle of the shelf that holds all an image of this size (pixels) shows, in centimetres. */
export function visibleShelf(
  camera: Camera,
  width: number,
  height: number,
): { left: number; top: number; right: number; bottom: number } {
  const corners = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: 0, y: height },
    { x: width, y: height },
  ].map((corner) => toShelf(camera, corner))
  const xs = corners.map((corner) => corner.x)
  const ys = corners.map((corner) => corner.y)
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  }
}
