/**
 * The one place that turns pointer coordinates into image coordinates and back. Three frames: client (pixels of
 * the window), stage (CSS pixels from the top-left corner of the drawing area) and image (original pixels).
 */
import type { Point, Size } from '../../app/annotator/geometry'

/** stage = image * scale + (x, y). */
export interface ViewTransform {
  /** Stage pixels per image pixel. */
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** Never closer than 40 stage pixels per image pixel. */
export const maxScale = 40
/** Share of the fitting scale below which nobody needs to zoom out. */
const minShare = 0.5
/** Stage pixels kept free around a fitted image. */
const fitMargin = 16
/** Stage pixels of the image that stay in sight however far it is panned. */
const keepInSight = 48

/** Client to stage. */
export function clientToStage(
  client: { readonly clientX: number; readonly clientY: number },
  stage: Element,
): Point {
  const { left, top } = stage.getBoundingClientRect()
  return { x: client.clientX - left, y: client.clientY - top }
}

/** Stage to image; may lie outside the image. */
export function stageToImage(view: ViewTransform, point: Point): Point {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale }
}

/** Image to stage. */
export function imageToStage(view: ViewTransform, point: Point): Point {
  return { x: point.x * view.scale + view.x, y: point.y * view.scale + view.y }
}

/** The whole image, centred, with a margin; small images are enlarged. */
export function fitView(image: Size, stage: Size): ViewTransform {
  const scale = fitScale(image, stage)
  return {
    scale,
    x: (stage.width - image.width * scale) / 2,
    y: (stage.height - image.height * scale) / 2,
  }
}

/** Zooms so that the image point under `anchor` (stage) stays where it is. The scale is kept within its limits. */
export function zoomAround(
  view: ViewTransform,
  anchor: Point,
  scale: number,
  image: Size,
  stage: Size,
): ViewTransform {
  const least = Math.min(1, fitScale(image, stage) * minShare)
  const next = Math.min(maxScale, Math.max(least, scale))
  const fixed = stageToImage(view, anchor)
  const moved = { scale: next, x: anchor.x - fixed.x * next, y: anchor.y - fixed.y * next }
  return keepVisible(moved, image, stage)
}

export function panBy(
  view: ViewTransform,
  dx: number,
  dy: number,
  image: Size,
  stage: Size,
): ViewTransform {
  return keepVisible({ scale: view.scale, x: view.x + dx, y: view.y + dy }, image, stage)
}

/** The least pan that brings a rectangle of the image into sight. */
export function revealRectangle(
  view: ViewTransform,
  rectangle: Point & Size,
  image: Size,
  stage: Size,
): ViewTransform {
  const start = imageToStage(view, rectangle)
  const dx = shift(start.x, rectangle.width * view.scale, stage.width)
  const dy = shift(start.y, rectangle.height * view.scale, stage.height)
  return dx === 0 && dy === 0 ? view : panBy(view, dx, dy, image, stage)
}

function shift(start: number, length: number, available: number): number {
  if (length + 2 * fitMargin > available) {
    // Larger than the stage: enough when any of it is in sight.
    const hidden = start + length < keepInSight || start > available - keepInSight
    return hidden ? (available - length) / 2 - start : 0
  }
  if (start < fitMargin) return fitMargin - start
  const end = start + length + fitMargin
  return end > available ? available - end : 0
}

function fitScale(image: Size, stage: Size): number {
  const width = Math.max(1, stage.width - 2 * fitMargin)
  const height = Math.max(1, stage.height - 2 * fitMargin)
  return Math.min(maxScale, width / image.width, height / image.height)
}

function keepVisible(view: ViewTransform, image: Size, stage: Size): ViewTransform {
  const least = (extent: number): number => Math.min(keepInSight, extent)
  const limit = (value: number, extent: number, available: number): number =>
    Math.min(available - least(extent), Math.max(least(extent) - extent, value))
  return {
    scale: view.scale,
    x: limit(view.x, image.width * view.scale, stage.width),
    y: limit(view.y, image.height * view.scale, stage.height),
  }
}
