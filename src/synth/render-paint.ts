import type { Point } from './camera'

/** What everything is painted on. Painters of the shelf work in its centimetres, y down. */
export type Context = OffscreenCanvasRenderingContext2D

/** Closes a polygon as the current path. */
export function tracePolygon(ctx: Context, points: readonly Point[]): void {
  ctx.beginPath()
  for (const point of points) ctx.lineTo(point.x, point.y)
  ctx.closePath()
}

/** Fills a rectangle with a horizontal or vertical run of colours at the given offsets. */
export function fillGradient(
  ctx: Context,
  x: number,
  y: number,
  width: number,
  height: number,
  direction: 'across' | 'down',
  stops: readonly (readonly [number, string])[],
): void {
  const gradient =
    direction === 'across'
      ? ctx.createLinearGradient(x, 0, x + width, 0)
      : ctx.createLinearGradient(0, y, 0, y + height)
  for (const [offset, color] of stops) gradient.addColorStop(offset, color)
  ctx.fillStyle = gradient
  ctx.fillRect(x, y, width, height)
}

/** Black with the given opacity. */
export function shadow(opacity: number): string {
  return `rgba(0,0,0,${opacity})`
}

/** White with the given opacity. */
export function light(opacity: number): string {
  return `rgba(255,255,255,${opacity})`
}
