import { paintText } from './glyphs'
import { fillGradient, light, shadow, type Context } from './render-paint'
import type { Fixture, PriceTag, ShelfBoard } from './scene-types'
import { railHeight, type Stretch } from './shelf-layout'

const uprightSpacing = 66

/** Back wall with its perforation and the slotted uprights that carry the boards. */
export function paintWall(ctx: Context, fixture: Fixture, view: Stretch): void {
  const width = view.right - view.left
  const height = view.bottom - view.top
  ctx.fillStyle = fixture.wall
  ctx.fillRect(view.left, view.top, width, height)
  if (fixture.perforated) {
    ctx.fillStyle = shadow(0.3)
    for (let y = Math.floor(view.top / 2.5) * 2.5; y < view.bottom; y += 2.5) {
      for (let x = Math.floor(view.left / 2.5) * 2.5; x < view.right; x += 2.5) {
        ctx.fillRect(x, y, 0.6, 0.6)
      }
    }
  }
  const first = Math.floor(view.left / uprightSpacing) * uprightSpacing + 21
  for (let x = first; x < view.right; x += uprightSpacing) {
    fillGradient(ctx, x, view.top, 3, height, 'across', [
      [0, light(0.25)],
      [0.5, light(0.05)],
      [1, shadow(0.3)],
    ])
    ctx.fillStyle = shadow(0.6)
    for (let y = view.top; y < view.bottom; y += 2.4) ctx.fillRect(x + 1.2, y, 0.6, 1.4)
  }
}

/**
 * The top surface of a board, as far as it can be seen from the front, and the shade at its back.
 */
export function paintBoard(ctx: Context, board: ShelfBoard, fixture: Fixture, view: Stretch): void {
  const width = view.right - view.left
  const ceiling = board.y - board.clearance
  // The board above keeps the light from the wall.
  fillGradient(ctx, view.left, ceiling, width, board.clearance, 'down', [
    [0, shadow(0.66)],
    [0.3, shadow(0.34)],
    [0.75, shadow(0.2)],
    [1, shadow(0.42)],
  ])
  ctx.fillStyle = fixture.board
  ctx.fillRect(view.left, board.y - board.depth, width, board.depth)
  fillGradient(ctx, view.left, board.y - board.depth, width, board.depth, 'down', [
    [0, shadow(0.55)],
    [1, shadow(0.08)],
  ])
}

/** Shade that the board above throws on the goods. */
export function paintBoardShade(ctx: Context, board: ShelfBoard, view: Stretch): void {
  const ceiling = board.y - board.clearance
  fillGradient(ctx, view.left, ceiling, view.right - view.left, 7, 'down', [
    [0, shadow(0.6)],
    [0.4, shadow(0.22)],
    [1, shadow(0)],
  ])
}

/** Bars whose widths follow from the price, as a bar code's follow from the number. */
function paintBarcode(ctx: Context, price: string, x: number, y: number): void {
  ctx.fillStyle = '#222222'
  let at = x
  for (const digit of price.replace('.', '').repeat(3)) {
    ctx.fillRect(at, y, 0.05 + Number(digit) * 0.012, 1.2)
    at += 0.22
  }
}

function paintTag(ctx: Context, tag: PriceTag, y: number): void {
  const width = 7.2
  const height = 3.4
  const left = tag.x - width / 2
  const top = y + 0.5
  ctx.fillStyle = shadow(0.35)
  ctx.fillRect(left + 0.15, top + 0.18, width, height)
  ctx.fillStyle = tag.kind === 'offer' ? '#ffd43b' : '#fdfdfb'
  ctx.fillRect(left, top, width, height)
  if (tag.kind === 'offer') {
    ctx.fillStyle = '#d6232b'
    ctx.fillRect(left, top, width, 0.95)
  } else {
    ctx.fillStyle = '#9a9fa6'
    ctx.fillRect(left + 0.35, top + 0.45, 2.1, 0.2)
    ctx.fillRect(left + 0.35, top + 0.9, 1.5, 0.2)
  }
  const ink = tag.kind === 'offer' ? '#c3161e' : '#1c1c1e'
  paintText(ctx, tag.price, tag.x + 1.2, top + 2, 1.3, ink, 0.21)
  paintBarcode(ctx, tag.price, left + 0.35, top + 1.7)
}

/** The rail on the front edge of a board, with its price tags. */
export function paintRail(ctx: Context, board: ShelfBoard, fixture: Fixture, view: Stretch): void {
  const width = view.right - view.left
  ctx.fillStyle = fixture.rail
  ctx.fillRect(view.left, board.y, width, railHeight)
  fillGradient(ctx, view.left, board.y, width, railHeight, 'down', [
    [0, light(0.7)],
    [0.07, light(0.25)],
    [0.12, shadow(0.14)],
    [0.3, shadow(0)],
    [0.8, shadow(0.05)],
    [0.92, shadow(0.22)],
    [1, shadow(0.5)],
  ])
  for (const tag of board.tags) paintTag(ctx, tag, board.y)
  // The clear plastic in front of the tags catches a streak of light.
  fillGradient(ctx, view.left, board.y + 0.6, width, 0.9, 'down', [
    [0, light(0)],
    [0.5, light(0.22)],
    [1, light(0)],
  ])
}
