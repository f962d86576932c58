import { fittingHeight, paintText } from './glyphs'
import { paintMotif, paintSmallPrint } from './render-label'
import { fillGradient, light, shadow, type Context } from './render-paint'
import type { Packaging } from './scene-types'

/**
 * Gable-top drink carton: a printed front, a narrow shaded flank, a folded roof with a screw cap
 * and a fin.
 */
export function paintCarton(ctx: Context, packaging: Packaging): void {
  const { width, height, body, label, ink, brand, motif } = packaging
  const half = width / 2
  const flank = width * 0.16
  const front = width - flank
  const middle = -flank / 2
  ctx.fillStyle = body
  ctx.fillRect(-half, -height, width, height)
  // Print: a swung colour field over the lower two thirds.
  ctx.fillStyle = label
  ctx.beginPath()
  ctx.moveTo(-half, -height * 0.6)
  ctx.bezierCurveTo(-half * 0.3, -height * 0.7, half * 0.3, -height * 0.5, half, -height * 0.62)
  ctx.lineTo(half, -height * 0.07)
  ctx.lineTo(-half, -height * 0.07)
  ctx.closePath()
  ctx.fill()
  paintText(
    ctx,
    brand,
    middle,
    -height * 0.72,
    fittingHeight(brand, front * 0.8, height * 0.08),
    label,
    0.24,
  )
  paintMotif(ctx, motif, middle, -height * 0.4, front * 0.32, ink)
  paintSmallPrint(ctx, middle, -height * 0.21, front * 0.6, 3, ink)
  fillGradient(ctx, -half, -height * 0.83, front, height * 0.83, 'across', [
    [0, shadow(0.14)],
    [0.08, light(0.1)],
    [0.6, shadow(0)],
    [1, shadow(0.1)],
  ])
  ctx.fillStyle = shadow(0.34)
  ctx.fillRect(half - flank, -height * 0.83, flank, height * 0.83)
  paintGable(ctx, packaging, middle, flank)
}

/** The roof: the front panel leans back and catches the light from above, the flank folds into a triangle. */
function paintGable(
  ctx: Context,
  { width, height, label, cap }: Packaging,
  middle: number,
  flank: number,
): void {
  const half = width / 2
  fillGradient(ctx, -half, -height * 0.955, width, height * 0.125, 'down', [
    [0, light(0.35)],
    [1, light(0.05)],
  ])
  ctx.fillStyle = shadow(0.3)
  ctx.beginPath()
  ctx.moveTo(half, -height * 0.83)
  ctx.lineTo(half - flank, -height * 0.83)
  ctx.lineTo(half * 0.93, -height * 0.955)
  ctx.closePath()
  ctx.fill()
  ctx.fillStyle = label
  ctx.fillRect(-half, -height, width, height * 0.022)
  fillGradient(ctx, -half, -height, width, height * 0.045, 'down', [
    [0, shadow(0)],
    [0.8, shadow(0.12)],
    [1, shadow(0.4)],
  ])
  ctx.strokeStyle = shadow(0.28)
  ctx.lineWidth = 0.09
  ctx.beginPath()
  ctx.moveTo(-half, -height * 0.83)
  ctx.lineTo(half, -height * 0.83)
  ctx.stroke()
  ctx.fillStyle = cap
  ctx.beginPath()
  ctx.ellipse(middle, -height * 0.885, width * 0.17, width * 0.13, 0, 0, 2 * Math.PI)
  ctx.fill()
  ctx.strokeStyle = shadow(0.35)
  ctx.lineWidth = 0.12
  ctx.stroke()
  ctx.fillStyle = light(0.35)
  ctx.beginPath()
  ctx.ellipse(middle, -height * 0.892, width * 0.1, width * 0.06, 0, 0, 2 * Math.PI)
  ctx.fill()
}

/** Folding box, for cereals, pasta, salt: a front with a large label and a thin lit upper edge. */
export function paintBox(ctx: Context, packaging: Packaging): void {
  const { width, height, body, label, ink, cap, brand, motif } = packaging
  const half = width / 2
  const flank = Math.min(1.4, width * 0.12)
  const front = width - flank
  const middle = -flank / 2
  ctx.fillStyle = body
  ctx.fillRect(-half, -height, width, height)
  ctx.fillStyle = cap
  ctx.fillRect(-half, -height * 0.1, width, height * 0.1)
  ctx.fillRect(-half, -height, width, height * 0.05)
  ctx.fillStyle = label
  ctx.beginPath()
  ctx.ellipse(middle, -height * 0.5, front * 0.43, height * 0.3, -0.12, 0, 2 * Math.PI)
  ctx.fill()
  paintMotif(ctx, motif, middle, -height * 0.52, Math.min(front, height) * 0.26, ink)
  paintText(
    ctx,
    brand,
    middle,
    -height * 0.87,
    fittingHeight(brand, front * 0.7, height * 0.08),
    label,
    0.24,
  )
  paintSmallPrint(ctx, middle, -height * 0.15, front * 0.7, 2, label)
  fillGradient(ctx, -half, -height, front, height, 'across', [
    [0, light(0.14)],
    [0.5, shadow(0)],
    [1, shadow(0.12)],
  ])
  ctx.fillStyle = shadow(0.4)
  ctx.fillRect(half - flank, -height, flank, height)
  ctx.fillStyle = light(0.35)
  ctx.fillRect(-half, -height, width, 0.22)
}
