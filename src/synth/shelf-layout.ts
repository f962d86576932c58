import type { RandomSource } from '../core/random/types'
import { distractors, products } from './catalogue'
import { between, chance, pick } from './sampling'
import type { Packaging, PriceTag, ShelfBoard, ShelfItem } from './scene-types'

/** A packaging together with its category, if it has one. */
interface Article {
  readonly category?: number
  readonly packaging: Packaging
}

/** A rare article that has to stand at (or right of) `x` on the board with this index. */
export interface Guest {
  readonly category: number
  readonly board: number
  readonly x: number
}

/**
 * Left and right end of the stocked part of the boards, and the range of heights they cover, in
 * centimetres.
 */
export interface Stretch {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Height of the price rail below a board's edge, in centimetres. */
export const railHeight = 4.2
const topMargin = 2

/** Boards from top to bottom that cover the stretch, without tags. */
export function planBoards(random: RandomSource, stretch: Stretch): ShelfBoard[] {
  const boards: ShelfBoard[] = []
  const eyeLevel = between(random, -40, 0)
  let ceiling = stretch.top - between(random, 0, 26)
  while (ceiling < stretch.bottom) {
    const clearance = chance(random, 0.62) ? between(random, 27, 29.5) : between(random, 18.8, 20.6)
    const y = ceiling + clearance
    const depth = Math.max(1, Math.min(4.4, 1.6 + (y - eyeLevel) * 0.04))
    boards.push({ y, clearance, depth, tags: [] })
    ceiling = y + railHeight
  }
  return boards
}

/** The articles one image stocks: a handful of products and distractors, so that images differ. */
export function planAssortment(random: RandomSource): Article[] {
  const common = products.flatMap((product, category) =>
    product.rare ? [] : [{ category, packaging: product.packaging }],
  )
  const kept = random.shuffle(common).slice(0, 3 + random.integer(2))
  const others = random.shuffle(distractors).slice(0, 4 + random.integer(4))
  // Products are listed twice: they fill about half of the facings.
  return [...kept, ...kept, ...others.map((packaging) => ({ packaging }))]
}

function facing(random: RandomSource, article: Article, x: number, board: ShelfBoard): ShelfItem {
  const depth = random.next()
  return {
    ...article,
    x: x + between(random, -0.15, 0.15),
    y: board.y - (0.12 + 0.2 * depth) * board.depth,
    angle: between(random, -0.012, 0.012),
    scale: 1 - 0.025 * depth,
    yaw: chance(random, 0.25) ? between(random, -0.55, 0.55) : between(random, -0.12, 0.12),
    shade: 1 - 0.1 * depth,
  }
}

/**
 * The next package of the same row, further back: higher up, smaller, darker and, seen from the
 * middle, further in.
 */
function behind(random: RandomSource, article: Article, x: number, board: ShelfBoard): ShelfItem {
  return {
    ...facing(random, article, x * 0.985, board),
    y: board.y - 0.5 - 0.75 * board.depth,
    scale: 0.93,
    shade: between(random, 0.5, 0.62),
  }
}

/** Lying on its side: the base turns to the left or right and the package rests on its flank. */
function fallen(random: RandomSource, article: Article, x: number, board: ShelfBoard): ShelfItem {
  const { width, height } = article.packaging
  const toRight = chance(random, 0.5)
  return {
    ...facing(random, article, x, board),
    x: toRight ? x - height / 2 : x + height / 2,
    y: board.y - 0.5 - width / 2,
    angle: ((toRight ? 1 : -1) * Math.PI) / 2 + between(random, -0.03, 0.03),
    scale: 1,
  }
}

function priceTag(random: RandomSource, x: number): PriceTag {
  const price = `${random.integer(6)}.${pick(random, ['29', '49', '79', '89', '95', '99'])}`
  return { x, price, kind: chance(random, 0.2) ? 'offer' : 'plain' }
}

interface Stock {
  readonly items: readonly ShelfItem[]
  readonly tags: readonly PriceTag[]
}

/**
 * One block: `facings` packages of one article side by side, starting at `left`. Returns what
 * stands there and the right end.
 */
function stockBlock(
  random: RandomSource,
  article: Article,
  facings: number,
  left: number,
  board: ShelfBoard,
): Stock & { right: number } {
  const { shape, width, height } = article.packaging
  const items: ShelfItem[] = []
  const stacked =
    (shape === 'can' || shape === 'box' || shape === 'jar') &&
    2 * height + topMargin < board.clearance &&
    chance(random, 0.7)
  const deep = chance(random, 0.75)
  let x = left
  for (let i = 0; i < facings; i += 1) {
    const middle = x + width / 2
    if (chance(random, 0.03) && shape !== 'box') {
      items.push(fallen(random, article, x + height / 2, board))
      x += height + 0.6
      continue
    }
    if (deep) items.push(behind(random, article, middle, board))
    // Sold: the package in front is missing.
    if (!chance(random, 0.11)) {
      const item = facing(random, article, middle, board)
      const leans = chance(random, 0.03) && !stacked
      items.push(leans ? { ...item, angle: between(random, 0.06, 0.14) } : item)
      if (stacked && chance(random, 0.88)) {
        const upper = facing(random, article, middle, board)
        items.push({ ...upper, y: item.y - height * item.scale * 0.985, scale: item.scale })
      }
    }
    x += width + between(random, 0.05, 0.4)
  }
  return { items, tags: [priceTag(random, (left + x) / 2)], right: x }
}

/** Fills one board from left to right with blocks, gaps and the guests that belong on it. */
export function stockBoard(
  random: RandomSource,
  board: ShelfBoard,
  assortment: readonly Article[],
  guests: readonly Guest[],
  stretch: Stretch,
): Stock {
  const fitting = assortment.filter(
    ({ packaging }) => packaging.height + topMargin < board.clearance,
  )
  // Small articles look lost under a high board, so prefer tall ones there.
  const tall = fitting.filter(({ packaging }) => packaging.height > 0.55 * board.clearance)
  const waiting = [...guests].sort((a, b) => b.x - a.x)
  const items: ShelfItem[] = []
  const tags: PriceTag[] = []
  let x = stretch.left - between(random, 0, 12)
  while (x < stretch.right) {
    const guest =
      waiting.length > 0 && x >= waiting[waiting.length - 1].x ? waiting.pop() : undefined
    if (guest === undefined && (fitting.length === 0 || chance(random, 0.05))) {
      x += between(random, 5, 15)
      continue
    }
    const article =
      guest === undefined
        ? pick(random, tall.length > 0 && chance(random, 0.7) ? tall : fitting)
        : { category: guest.category, packaging: products[guest.category].packaging }
    const wide = article.packaging.width > 12
    const facings =
      guest === undefined && !wide ? 1 + random.integer(4) : 1 + random.integer(wide ? 2 : 3)
    const block = stockBlock(random, article, facings, x, board)
    items.push(...block.items)
    tags.push(...block.tags)
    if (chance(random, 0.08) && !wide) items.push(misplaced(random, fitting, x, board))
    x = block.right + between(random, 0.2, 1)
  }
  // What stands further back is drawn first.
  return { items: items.sort((a, b) => a.shade - b.shade), tags }
}

/**
 * A single package somebody put down in front of the others; it hides part of what stands behind
 * it.
 */
function misplaced(
  random: RandomSource,
  fitting: readonly Article[],
  x: number,
  board: ShelfBoard,
): ShelfItem {
  const small = fitting.filter(({ packaging }) => packaging.height < 17)
  const article = pick(random, small.length > 0 ? small : fitting)
  return {
    ...facing(random, article, x + between(random, 0, 8), board),
    y: board.y + 0.1,
    scale: 1.03,
    shade: 1.04,
  }
}
