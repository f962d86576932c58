import { packageOutline } from './outline'
import { paintBox, paintCarton } from './render-carton'
import { paintBottle, paintCan, paintJar } from './render-cylinder'
import { fillGradient, shadow, tracePolygon, type Context } from './render-paint'
import { paintPouch, paintTube } from './render-pouch'
import type { PackageShape, Packaging, ShelfItem } from './scene-types'

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

/** Steps of the soft shadow: offsets to the side, in centimetres. */
const shadowSteps = [-0.5, 0.5, 1.1]

/**
 * The dark surroundings of a package: light that it keeps from the wall, the board and its
 * neighbours.
 */
export function paintItemShadow(ctx: Context, item: ShelfItem): void {
  const { shape, width, height } = item.packaging
  const outline = packageOutline(shape, width, height)
  ctx.save()
  ctx.translate(item.x, item.y)
  ctx.rotate(item.angle)
  ctx.scale(item.scale, item.scale)
  ctx.fillStyle = shadow(0.2)
  for (const step of shadowSteps) {
    tracePolygon(
      ctx,
      outline.map((point) => ({ x: point.x + step, y: point.y + 0.12 })),
    )
    ctx.fill()
  }
  fillGradient(ctx, -width / 2, -0.3, width, 0.8, 'down', [
    [0, shadow(0.4)],
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
