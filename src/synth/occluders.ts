import type { RandomSource } from '../core/random/types'
import type { Point } from './camera'
import { between, chance, pick } from './sampling'
import type { Occluder, ShelfBoard } from './scene-types'
import type { Stretch } from './shelf-layout'

function circle(cx: number, cy: number, radius: number): Point[] {
  return Array.from({ length: 28 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 28
    return { x: cx + radius * Math.cos(angle), y: cy + radius * Math.sin(angle) }
  })
}

/** Round sign that swings from a board's rail over the products below it. */
function wobbler(random: RandomSource, boards: readonly ShelfBoard[], view: Stretch): Occluder {
  const board = pick(random, boards)
  const radius = between(random, 3.4, 5)
  const x = between(random, view.left + 8, view.right - 8)
  return {
    kind: 'wobbler',
    outline: circle(x, board.y + between(random, 4.5, 7.5), radius),
    color: pick(random, ['#e0282e', '#f2c318', '#1f9a52', '#e8590c']),
    text: pick(random, ['NEU', '-20', '-30', 'BIO', 'TOP', '2+1']),
  }
}

/** Upper edge of a shopping basket that reaches into the picture from below. */
function basket(random: RandomSource, view: Stretch): Occluder {
  const width = between(random, 26, 38)
  const x = chance(random, 0.5) ? view.left + width * 0.25 : view.right - width * 0.25
  const rim = view.bottom - between(random, 8, 14)
  const tilt = between(random, -1.5, 1.5)
  return {
    kind: 'basket',
    outline: [
      { x: x - width / 2, y: rim - tilt },
      { x: x + width / 2, y: rim + tilt },
      { x: x + width * 0.42, y: rim + 30 },
      { x: x - width * 0.42, y: rim + 30 },
    ],
    color: pick(random, ['#b3262b', '#22518f', '#2d2f33', '#2c7a4b']),
    text: '',
  }
}

/** Forearm of a shopper who reaches in from the side; the outline ends in a fist. */
function sleeve(random: RandomSource, view: Stretch): Occluder {
  const fromLeft = chance(random, 0.5)
  const direction = fromLeft ? 1 : -1
  const edge = fromLeft ? view.left - 6 : view.right + 6
  const reach = between(random, 20, 32)
  const y = between(random, view.top + 30, view.bottom - 6)
  const rise = between(random, 6, 12)
  const at = (along: number, across: number): Point => ({
    x: edge + direction * along * reach,
    y: y + 10 - rise * along + across,
  })
  return {
    kind: 'sleeve',
    outline: [
      at(0, -5.5),
      at(0.4, -4.6),
      at(0.72, -3.6),
      at(0.78, -3.2),
      at(0.86, -3.6),
      at(0.95, -3.2),
      at(1, -1.6),
      at(1.01, 0.4),
      at(0.97, 2.2),
      at(0.88, 3),
      at(0.78, 2.9),
      at(0.72, 3.6),
      at(0.4, 5),
      at(0, 6.5),
    ],
    color: pick(random, ['#39485a', '#5a3d3a', '#3f5a43', '#8a8478', '#27282c']),
    text: '',
  }
}

/**
 * What hangs or moves in front of the shelf in this image: usually nothing, sometimes one or two
 * things.
 */
export function planOccluders(
  random: RandomSource,
  boards: readonly ShelfBoard[],
  view: Stretch,
): Occluder[] {
  const inView = boards.filter((board) => board.y > view.top && board.y < view.bottom)
  const occluders: Occluder[] = []
  if (inView.length > 0 && chance(random, 0.3)) occluders.push(wobbler(random, inView, view))
  if (inView.length > 0 && chance(random, 0.12)) occluders.push(wobbler(random, inView, view))
  if (chance(random, 0.08)) occluders.push(basket(random, view))
  if (chance(random, 0.06)) occluders.push(sleeve(random, view))
  return occluders
}
