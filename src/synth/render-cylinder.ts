import { baseBulge } from './outline'
import { paintLabelPrint } from './render-label'
import { fillGradient, light, shadow, type Context } from './render-paint'
import type { Packaging } from './scene-types'

/** Light and shade of an upright cylinder over everything painted so far. */
function shadeCylinder(ctx: Context, width: number, height: number, gloss: number): void {
  fillGradient(ctx, -width / 2, -height, width, height, 'across', [
    [0, shadow(0.55)],
    [0.12, shadow(0.24)],
    [0.3, shadow(0)],
    [0.55, shadow(0)],
    [0.82, shadow(0.24)],
    [1, shadow(0.6)],
  ])
  fillGradient(ctx, -width * 0.3, -height, width * 0.2, height, 'across', [
    [0, light(0)],
    [0.5, light(gloss)],
    [1, light(0)],
  ])
}

/** A band around the body between two heights; its edges follow the curvature of the base. */
function paintBand(ctx: Context, width: number, bottom: number, top: number, color: string): void {
  const bulge = baseBulge * width
  ctx.fillStyle = color
  ctx.beginPath()
  ctx.moveTo(-width / 2, -top)
  ctx.quadraticCurveTo(0, -top + bulge * 2, width / 2, -top)
  ctx.lineTo(width / 2, -bottom)
  ctx.quadraticCurveTo(0, -bottom + bulge * 2, -width / 2, -bottom)
  ctx.closePath()
  ctx.fill()
}

/** Tin: a broad label between two bands, and a lid seen from slightly above. `yaw` as in `ShelfItem`. */
export function paintCan(ctx: Context, packaging: Packaging, yaw: number): void {
  const { width, height, body, label, cap } = packaging
  const lift = baseBulge * width
  ctx.fillStyle = cap
  ctx.fillRect(-width / 2, -height, width, height)
  paintBand(ctx, width, lift * 2.2, height - lift * 3.2, body)
  paintBand(ctx, width, height * 0.2, height * 0.24, label)
  paintBand(ctx, width, height * 0.27, height * 0.85, label)
  const middle = (yaw * width) / 2
  paintLabelPrint(ctx, packaging, middle, -height * 0.545, width * 0.86, height * 0.52)
  shadeCylinder(ctx, width, height, 0.34)
  // Lid: a light ellipse inside the darker rim.
  ctx.fillStyle = '#8f959b'
  ctx.beginPath()
  ctx.ellipse(0, -height + lift * 1.25, width * 0.475, lift * 1.25, 0, 0, 2 * Math.PI)
  ctx.fill()
  ctx.fillStyle = '#dfe3e6'
  ctx.beginPath()
  ctx.ellipse(0, -height + lift * 1.3, width * 0.43, lift * 0.9, 0, 0, 2 * Math.PI)
  ctx.fill()
}

/** Bottle with a label, air above the filling and a ribbed cap. `yaw` as in `ShelfItem`. */
export function paintBottle(ctx: Context, packaging: Packaging, yaw: number): void {
  const { width, height, body, label, cap } = packaging
  ctx.fillStyle = body
  ctx.fillRect(-width / 2, -height, width, height)
  // Air above the filling.
  fillGradient(ctx, -width / 2, -height * 0.88, width, height * 0.15, 'down', [
    [0, 'rgba(235,240,242,.75)'],
    [1, 'rgba(235,240,242,0)'],
  ])
  paintBand(ctx, width, height * 0.17, height * 0.47, label)
  paintLabelPrint(ctx, packaging, (yaw * width) / 2, -height * 0.305, width * 0.84, height * 0.27)
  ctx.fillStyle = cap
  ctx.fillRect(-width * 0.18, -height, width * 0.36, height * 0.093)
  ctx.strokeStyle = shadow(0.2)
  ctx.lineWidth = 0.1
  ctx.beginPath()
  for (let x = -0.16; x <= 0.161; x += 0.064) {
    ctx.moveTo(x * width, -height * 0.985)
    ctx.lineTo(x * width, -height * 0.915)
  }
  for (const up of [0.53, 0.575]) {
    ctx.moveTo(-width / 2, -height * up)
    ctx.quadraticCurveTo(0, -height * up + width * 0.09, width / 2, -height * up)
  }
  ctx.stroke()
  shadeCylinder(ctx, width, height * 0.66, 0.5)
  fillGradient(ctx, -width * 0.2, -height, width * 0.4, height * 0.34, 'across', [
    [0, shadow(0.4)],
    [0.35, light(0.3)],
    [0.6, shadow(0)],
    [1, shadow(0.4)],
  ])
}

/** Glass jar with a screw lid; light shines through the filling. `yaw` as in `ShelfItem`. */
export function paintJar(ctx: Context, packaging: Packaging, yaw: number): void {
  const { width, height, body, label, cap } = packaging
  ctx.fillStyle = body
  ctx.fillRect(-width / 2, -height, width, height)
  // Light shines through the glass near the edges of the filling.
  fillGradient(ctx, -width / 2, -height * 0.8, width, height * 0.8, 'down', [
    [0, light(0.3)],
    [0.25, light(0.05)],
    [1, shadow(0.15)],
  ])
  paintBand(ctx, width * 0.88, height * 0.16, height * 0.66, label)
  paintLabelPrint(ctx, packaging, (yaw * width) / 2, -height * 0.39, width * 0.72, height * 0.46)
  shadeCylinder(ctx, width, height, 0.45)
  ctx.fillStyle = cap
  ctx.fillRect(-width * 0.45, -height, width * 0.9, height * 0.148)
  fillGradient(ctx, -width * 0.45, -height, width * 0.9, height * 0.148, 'across', [
    [0, shadow(0.5)],
    [0.25, light(0.4)],
    [0.5, shadow(0)],
    [1, shadow(0.5)],
  ])
  ctx.fillStyle = shadow(0.25)
  ctx.fillRect(-width / 2, -height * 0.862, width, height * 0.02)
}
