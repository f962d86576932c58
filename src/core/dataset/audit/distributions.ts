import type { Box } from '../../geometry/box'
import type { CategoryId } from '../types'

/** A box with the size of the image it is in, pixels. */
export interface AuditBox {
  readonly categoryId: CategoryId
  readonly box: Box
  readonly imageWidth: number
  readonly imageHeight: number
}

/** One bin of a distribution over the boxes of two sets. */
export interface AuditBin {
  /** What the bin holds: the id of a class, or words. */
  readonly name: string
  readonly labeled: number
  readonly pool: number
  /** Shares of all boxes of the set, 0..1; 0 of an empty set. */
  readonly labeledShare: number
  readonly poolShare: number
}

export type AuditAspect = 'category' | 'size' | 'shape' | 'position'

export interface AuditDistribution {
  readonly aspect: AuditAspect
  readonly bins: readonly AuditBin[]
  /** Half the sum of the differences of the shares: how much of one set would have to change, 0..1. */
  readonly distance: number
}

/** Upper ends of sqrt(box area / image area), but for the last bin. */
const sizes = [
  { below: 0.05, name: '< 5 %' },
  { below: 0.1, name: '5–10 %' },
  { below: 0.2, name: '10–20 %' },
  { below: 0.4, name: '20–40 %' },
  { below: Infinity, name: '≥ 40 %' },
]

/** Upper ends of width / height, but for the last bin. */
const shapes = [
  { below: 0.5, name: 'very tall' },
  { below: 0.8, name: 'tall' },
  { below: 1.25, name: 'square' },
  { below: 2, name: 'wide' },
  { below: Infinity, name: 'very wide' },
]

/** Thirds of the image, in reading order. */
const places = [
  'top left',
  'top',
  'top right',
  'left',
  'middle',
  'right',
  'bottom left',
  'bottom',
  'bottom right',
]

/**
 * Compares how the boxes of two sets are distributed over classes, sizes (side of a square of the box's area against that
 * of the image), shapes (width / height) and positions of the centre (ninths of the image). Box by box, so that a whole
 * pool need not be looked through at once. Boxes of other classes do not count: a model goes on seeing a class that was
 * deleted until the next training.
 */
export class BoxComparison {
  readonly #categories: ReadonlySet<CategoryId>
  readonly #aspects: readonly AspectCounts[]
  #labeled = 0
  #pool = 0

  constructor(categories: readonly CategoryId[]) {
    this.#categories = new Set(categories)
    this.#aspects = [
      new AspectCounts('category', categories, ({ categoryId }) => categoryId),
      new AspectCounts('size', namesOf(sizes), (box) => binOf(sizes, relativeSize(box))),
      new AspectCounts('shape', namesOf(shapes), ({ box }) =>
        binOf(shapes, box.width / box.height),
      ),
      new AspectCounts('position', places, placeOf),
    ]
  }

  /** A box that was labelled. */
  addLabeled(box: AuditBox): void {
    if (!this.#categories.has(box.categoryId)) return
    this.#labeled++
    for (const aspect of this.#aspects) aspect.addLabeled(box)
  }

  /** A box that a model sees in an image without a label. */
  addPool(box: AuditBox): void {
    if (!this.#categories.has(box.categoryId)) return
    this.#pool++
    for (const aspect of this.#aspects) aspect.addPool(box)
  }

  /** Labelled boxes so far. */
  get labeled(): number {
    return this.#labeled
  }

  /** Boxes that a model sees so far. */
  get pool(): number {
    return this.#pool
  }

  get distributions(): AuditDistribution[] {
    return this.#aspects.map((aspect) => aspect.distribution(this.#labeled, this.#pool))
  }
}

/** How many boxes of either set are in each bin of one aspect. */
class AspectCounts {
  readonly #aspect: AuditAspect
  readonly #names: readonly string[]
  readonly #nameOf: (box: AuditBox) => string
  readonly #labeled = new Map<string, number>()
  readonly #pool = new Map<string, number>()

  constructor(aspect: AuditAspect, names: readonly string[], nameOf: (box: AuditBox) => string) {
    this.#aspect = aspect
    this.#names = names
    this.#nameOf = nameOf
  }

  addLabeled(box: AuditBox): void {
    countOne(this.#labeled, this.#nameOf(box))
  }

  addPool(box: AuditBox): void {
    countOne(this.#pool, this.#nameOf(box))
  }

  /** @param allLabeled boxes of the set, in a bin or not */
  distribution(allLabeled: number, allPool: number): AuditDistribution {
    const bins = this.#names.map((name): AuditBin => {
      const labeled = this.#labeled.get(name) ?? 0
      const pool = this.#pool.get(name) ?? 0
      return {
        name,
        labeled,
        pool,
        labeledShare: labeled / Math.max(1, allLabeled),
        poolShare: pool / Math.max(1, allPool),
      }
    })
    return { aspect: this.#aspect, bins, distance: distanceOf(bins) }
  }
}

function distanceOf(bins: readonly AuditBin[]): number {
  return (
    bins.reduce((sum, { labeledShare, poolShare }) => sum + Math.abs(labeledShare - poolShare), 0) /
    2
  )
}

function relativeSize({ box, imageWidth, imageHeight }: AuditBox): number {
  return Math.sqrt((box.width * box.height) / (imageWidth * imageHeight))
}

function placeOf({ box, imageWidth, imageHeight }: AuditBox): string {
  const third = (share: number) => Math.min(2, Math.max(0, Math.floor(share * 3)))
  const column = third((box.x + box.width / 2) / imageWidth)
  const row = third((box.y + box.height / 2) / imageHeight)
  return places[row * 3 + column] ?? ''
}

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

type Bins = readonly { readonly below: number; readonly name: string }[]

function namesOf(bins: Bins): string[] {
  return bins.map(({ name }) => name)
}

function binOf(bins: Bins, value: number): string {
  return bins.find(({ below }) => value < below)?.name ?? ''
}
