import { packageOutline } from './outline'
import { paintBox, paintCarton } from './render-carton'
import { paintBottle, paintCan, paintJar } from './render-cylinder'
import { fillGradient, shadow, tracePolygon } from './render-paint'
import { paintPouch, paintTube } from './render-pouch'
import type { PackageShape, Packaging, ShelfItem } from './scene-types'

type Context = OffscreenCanvasRenderingContext2D

const painters: Readonly<
  Record<PackageShape, (ctx: Context, packaging: Packaging, yaw: number) => void>
> = {
  carton: paintCarton,
  box: paintBox,
  can: paintCan,
  bottle: paintBottle,
  jar: paintJar,
  pouch: paintPouch,
  tube: paintTube,
}

/** The dark surroundings of a package: light that does not reach the wall and the board next to it. */
export function paintItemShadow(ctx: Context, item: ShelfItem): void {
  const { width, height } = item.packaging
  ctx.save()
  ctx.translate(item.x, item.y)
  ctx.rotate(item.angle)
  ctx.scale(item.scale, item.scale)
  const reach = 1.1
  fillGradient(ctx, -width / 2 - reach, -height * 0.85, reach, height * 0.85, 'across', [
    [0, shadow(0)],
    [1, shadow(0.38)],
  ])
  fillGradient(ctx, width / 2, -height * 0.85, reach * 1.6, height * 0.85, 'across', [
    [0, shadow(0.45)],
    [1, shadow(0)],
  ])
  fillGradient(ctx, -width / 2 - 0.3, -0.4, width + 0.9, 0.9, 'down', [
    [0, shadow(0.5)],
    [1, shadow(0)],
  ])
  ctx.restore()
}

/** Paints one package inside its outline and nowhere else; the context is in shelf centimetres. */
export function paintItem(ctx: Context, item: ShelfItem): void {
  const { packaging } = item
  const { shape, width, height } = packaging
  ctx.save()
  ctx.translate(item.x, item.y)
  ctx.rotate(item.angle)
  ctx.scale(item.scale, item.scale)
  tracePolygon(ctx, packageOutline(shape, width, height))
  ctx.clip()
  painters[shape](ctx, packaging, item.yaw)
  if (item.shade < 1) {
    ctx.fillStyle = shadow(1 - item.shade)
    ctx.fillRect(-width, -height * 1.1, width * 2, height * 1.2)
  }
  ctx.restore()
}
