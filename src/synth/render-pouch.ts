import { fittingHeight, paintText } from './glyphs'
import { paintLabelPrint, paintMotif, paintSmallPrint } from './render-label'
import { fillGradient, light, shadow, type Context } from './render-paint'
import type { Packaging } from './scene-types'

/** Stand-up bag: a crimped seal, a soft belly with folds, an oval label. */
export function paintPouch(ctx: Context, packaging: Packaging): void {
  const { width, height, body, label, cap } = packaging
  const half = width / 2
  ctx.fillStyle = body
  ctx.fillRect(-half, -height, width, height)
  ctx.fillStyle = label
  ctx.beginPath()
  ctx.ellipse(0, -height * 0.46, width * 0.38, height * 0.29, 0, 0, 2 * Math.PI)
  ctx.fill()
  paintLabelPrint(ctx, packaging, 0, -height * 0.47, width * 0.66, height * 0.46)
  ctx.fillStyle = cap
  ctx.fillRect(-half, -height, width, height * 0.085)
  ctx.fillStyle = label
  ctx.fillRect(-half, -height * 0.115, width, height * 0.022)
  fillGradient(ctx, -half, -height * 0.92, width, height * 0.92, 'across', [
    [0, shadow(0.5)],
    [0.14, shadow(0.1)],
    [0.24, light(0.3)],
    [0.34, shadow(0.02)],
    [0.66, shadow(0.06)],
    [0.78, light(0.16)],
    [0.88, shadow(0.2)],
    [1, shadow(0.55)],
  ])
  fillGradient(ctx, -half, -height * 0.92, width, height * 0.92, 'down', [
    [0, shadow(0.35)],
    [0.1, light(0.12)],
    [0.3, shadow(0)],
    [0.85, shadow(0.05)],
    [1, shadow(0.4)],
  ])
  // Folds run from the seal and from the corners of the base towards the belly.
  ctx.strokeStyle = light(0.28)
  ctx.lineWidth = 0.14
  ctx.beginPath()
  for (const x of [-0.36, -0.22, 0.2, 0.38]) {
    ctx.moveTo(x * width, -height * 0.9)
    ctx.lineTo(x * width * 0.85, -height * 0.8)
  }
  for (const side of [-1, 1]) {
    ctx.moveTo(side * width * 0.46, -height * 0.02)
    ctx.quadraticCurveTo(side * width * 0.4, -height * 0.12, side * width * 0.26, -height * 0.14)
  }
  ctx.stroke()
  ctx.strokeStyle = shadow(0.3)
  ctx.lineWidth = 0.09
  ctx.beginPath()
  for (let x = -0.46; x < 0.47; x += 0.046) {
    ctx.moveTo(x * width, -height)
    ctx.lineTo(x * width, -height * 0.925)
  }
  ctx.stroke()
}

/** Squeeze tube standing on its cap: flat crimp at the top, rounder towards the cap. */
export function paintTube(ctx: Context, packaging: Packaging, yaw: number): void {
  const { width, height, body, label, ink, cap, brand, motif } = packaging
  const half = width / 2
  const middle = yaw * half * 0.5
  ctx.fillStyle = body
  ctx.fillRect(-half, -height, width, height)
  ctx.fillStyle = label
  ctx.beginPath()
  ctx.moveTo(-half, -height * 0.84)
  ctx.lineTo(half, -height * 0.76)
  ctx.lineTo(half, -height * 0.4)
  ctx.lineTo(-half, -height * 0.46)
  ctx.closePath()
  ctx.fill()
  paintText(
    ctx,
    brand,
    middle,
    -height * 0.7,
    fittingHeight(brand, width * 0.7, height * 0.09),
    ink,
    0.24,
  )
  paintMotif(ctx, motif, middle, -height * 0.54, width * 0.22, ink)
  paintSmallPrint(ctx, middle, -height * 0.36, width * 0.5, 2, label)
  fillGradient(ctx, -half, -height, width, height * 0.78, 'across', [
    [0, shadow(0.42)],
    [0.15, shadow(0.1)],
    [0.32, light(0.42)],
    [0.46, shadow(0)],
    [0.75, shadow(0.12)],
    [1, shadow(0.5)],
  ])
  ctx.fillStyle = light(0.25)
  ctx.fillRect(-half, -height, width, height * 0.055)
  ctx.strokeStyle = shadow(0.3)
  ctx.lineWidth = 0.08
  ctx.beginPath()
  for (let x = -0.48; x < 0.49; x += 0.06) {
    ctx.moveTo(x * width, -height)
    ctx.lineTo(x * width, -height * 0.95)
  }
  ctx.stroke()
  ctx.fillStyle = cap
  ctx.fillRect(-half, -height * 0.215, width, height * 0.215)
  fillGradient(ctx, -width * 0.33, -height * 0.215, width * 0.66, height * 0.215, 'across', [
    [0, shadow(0.5)],
    [0.3, light(0.35)],
    [0.5, shadow(0)],
    [1, shadow(0.55)],
  ])
}
