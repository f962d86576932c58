import { fittingHeight, paintText } from './glyphs'
import { fillGradient, light, shadow, tracePolygon, type Context } from './render-paint'
import type { Occluder } from './scene-types'

interface Extent {
  left: number
  top: number
  width: number
  height: number
}

function extentOf(occluder: Occluder): Extent {
  const xs = occluder.outline.map((point) => point.x)
  const ys = occluder.outline.map((point) => point.y)
  const left = Math.min(...xs)
  const top = Math.min(...ys)
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top }
}

function paintSign(ctx: Context, occluder: Occluder, { left, top, width, height }: Extent): void {
  const x = left + width / 2
  const y = top + height / 2
  ctx.strokeStyle = light(0.85)
  ctx.lineWidth = 0.3
  ctx.beginPath()
  ctx.arc(x, y, width * 0.43, 0, 2 * Math.PI)
  ctx.stroke()
  const letters = fittingHeight(occluder.text, width * 0.62, height * 0.34)
  paintText(ctx, occluder.text, x, y, letters, '#ffffff', 0.22)
  fillGradient(ctx, left, top, width, height, 'across', [
    [0, light(0.18)],
    [0.4, light(0)],
    [1, shadow(0.25)],
  ])
}

function paintLattice(ctx: Context, { left, top, width, height }: Extent): void {
  ctx.fillStyle = shadow(0.45)
  for (let y = top + 4.5; y < top + height; y += 3.2) {
    for (let x = left + 1.2; x < left + width; x += 3) ctx.fillRect(x, y, 2, 2.1)
  }
  fillGradient(ctx, left, top, width, 3.6, 'down', [
    [0, light(0.45)],
    [0.25, light(0.08)],
    [0.8, shadow(0.1)],
    [1, shadow(0.4)],
  ])
}

function paintArm(ctx: Context, occluder: Occluder, extent: Extent): void {
  const { left, top, width, height } = extent
  // The fist lies at the end that is narrower: the outline starts and ends at the shoulder.
  const shoulder = occluder.outline[0].x
  const fromLeft = shoulder - left < width / 2
  ctx.fillStyle = '#d3a183'
  ctx.fillRect(fromLeft ? left + width * 0.77 : left, top, width * 0.23, height)
  ctx.fillStyle = shadow(0.3)
  ctx.fillRect(fromLeft ? left + width * 0.74 : left + width * 0.23, top, width * 0.03, height)
  fillGradient(ctx, left, top, width, height, 'down', [
    [0, light(0.16)],
    [0.45, shadow(0)],
    [1, shadow(0.5)],
  ])
}

/** Paints a thing in front of the shelf inside its outline; the context is in shelf centimetres. */
export function paintOccluder(ctx: Context, occluder: Occluder): void {
  const extent = extentOf(occluder)
  ctx.save()
  ctx.translate(0.5, 0.8)
  ctx.fillStyle = shadow(0.3)
  tracePolygon(ctx, occluder.outline)
  ctx.fill()
  ctx.restore()
  ctx.save()
  tracePolygon(ctx, occluder.outline)
  ctx.clip()
  ctx.fillStyle = occluder.color
  ctx.fillRect(extent.left, extent.top, extent.width, extent.height)
  switch (occluder.kind) {
    case 'wobbler':
      paintSign(ctx, occluder, extent)
      break
    case 'basket':
      paintLattice(ctx, extent)
      break
    case 'sleeve':
      paintArm(ctx, occluder, extent)
      break
  }
  ctx.restore()
}
