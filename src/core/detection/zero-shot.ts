/** Proposals of the stock COCO detector, for the time before anything has been trained. */
import type { CategoryId } from '../dataset/types'
import type { Box } from '../geometry/box'
import { toImageFrame, type Letterbox } from '../geometry/letterbox'
import { nonMaximumSuppression } from '../geometry/nms'
import { boxIou, clipBox } from '../geometry/overlap'
import { findCocoClass } from './coco-classes'
import { imageCells, type CellGrid } from './targets'

/** What the stock head answers for one image. */
export interface StockOutput {
  readonly grid: CellGrid
  /** Row-major [rows * columns, classes], probabilities. */
  readonly heat: Float32Array
  /** Row-major [rows * columns, 4]: left, top, right, bottom from the cell's top-left corner, input pixels. */
  readonly distances: Float32Array
  readonly classes: number
}

export interface StockDecodeOptions {
  readonly imageWidth: number
  readonly imageHeight: number
  readonly letterbox: Letterbox
  readonly minScore: number
  /** Boxes of one class (agnostic: any two boxes) overlapping by more than this IoU are one object. */
  readonly maxIou: number
  /** Boxes kept of each kind. */
  readonly limit: number
}

/** A box with a score of 0..1, original-image pixels. */
export interface ScoredRegion {
  readonly box: Box
  readonly score: number
}

/** A detection of the stock head; `cocoClass` is an index of `cocoClasses`. */
export interface StockDetection extends ScoredRegion {
  readonly cocoClass: number
}

/** What the stock detector sees in one image, each list score descending. */
export interface StockProposals {
  readonly named: readonly StockDetection[]
  /** Peaks of the maximum over all classes: something is there, whatever it is. */
  readonly agnostic: readonly ScoredRegion[]
}

/** A proposed box: of a category of the project, or of an object the stock detector has no name for. */
export type ZeroShotProposal =
  | (ScoredRegion & { readonly kind: 'category'; readonly categoryId: CategoryId })
  | (ScoredRegion & { readonly kind: 'object' })

/** A class-agnostic box that overlaps a named one this much (IoU) is the same object. */
const sameObject = 0.5

/**
 * Boxes of the stock head, named and class-agnostic: cells of at least `minScore` that are the largest of their 3 x 3
 * neighbourhood (CenterNet, Zhou et al. 2019), then NMS. Cells on the grey bars never answer.
 */
export function decodeStockOutput(
  output: StockOutput,
  options: StockDecodeOptions,
): StockProposals {
  const inside = imageCells(options.letterbox, output.grid)
  const named: StockDetection[] = []
  for (let cocoClass = 0; cocoClass < output.classes; cocoClass++) {
    const map = classMap(output, cocoClass)
    for (const peak of peaks(map, inside, output, options)) named.push({ ...peak, cocoClass })
  }
  const agnostic = peaks(maximumMap(output), inside, output, options)
  return {
    named: suppress(named, ({ cocoClass }) => cocoClass, options),
    agnostic: suppress(agnostic, () => 0, options),
  }
}

/**
 * The proposals for a project, in an order that does not depend on its categories: what has no place keeps an undefined.
 * A stock detection counts where a category is its COCO class. Class-agnostic boxes fill in where there is a category
 * that COCO does not know, or none at all, except on objects that were named.
 */
export function zeroShotProposals(
  { named, agnostic }: StockProposals,
  categories: readonly { readonly id: CategoryId; readonly name: string }[],
): readonly (ZeroShotProposal | undefined)[] {
  const categoryOf = new Map<number, CategoryId>()
  let hasOther = categories.length === 0
  for (const { id, name } of categories) {
    const cocoClass = findCocoClass(name)
    if (cocoClass === undefined) hasOther = true
    // Of two categories that mean one class, the first in the palette is proposed.
    else if (!categoryOf.has(cocoClass)) categoryOf.set(cocoClass, id)
  }
  const byName = named.map(({ box, score, cocoClass }): ZeroShotProposal | undefined => {
    const categoryId = categoryOf.get(cocoClass)
    return categoryId === undefined ? undefined : { kind: 'category', box, score, categoryId }
  })
  const taken = byName.filter((proposal) => proposal !== undefined)
  const byPlace = agnostic.map(({ box, score }): ZeroShotProposal | undefined =>
    hasOther && !taken.some((proposal) => boxIou(proposal.box, box) >= sameObject)
      ? { kind: 'object', box, score }
      : undefined,
  )
  return [...byName, ...byPlace]
}

function classMap({ heat, classes }: StockOutput, cocoClass: number): Float32Array {
  const map = new Float32Array(heat.length / classes)
  for (let cell = 0; cell < map.length; cell++) map[cell] = heat[cell * classes + cocoClass] ?? 0
  return map
}

/** [cells]: the largest probability over the classes. */
function maximumMap({ heat, classes }: StockOutput): Float32Array {
  const map = new Float32Array(heat.length / classes)
  for (let at = 0; at < heat.length; at++) {
    const cell = Math.floor(at / classes)
    map[cell] = Math.max(map[cell] ?? 0, heat[at] ?? 0)
  }
  return map
}

function peaks(
  map: Float32Array,
  inside: Uint8Array,
  { grid, distances }: StockOutput,
  { minScore, letterbox, imageWidth, imageHeight }: StockDecodeOptions,
): ScoredRegion[] {
  const found: ScoredRegion[] = []
  for (let cell = 0; cell < map.length; cell++) {
    const score = map[cell] ?? 0
    if (!(score >= minScore) || inside[cell] === 0 || !isPeak(map, cell, grid)) continue
    const [left = 0, top = 0, right = 0, bottom = 0] = distances.subarray(cell * 4, cell * 4 + 4)
    const x = (cell % grid.columns) * grid.stride
    const y = Math.floor(cell / grid.columns) * grid.stride
    const placed = { x: x - left, y: y - top, width: left + right, height: top + bottom }
    const box = clipBox(toImageFrame(placed, letterbox), imageWidth, imageHeight)
    if (box !== undefined) found.push({ box, score })
  }
  return found
}

/** No neighbour is larger; of equal neighbours the first in reading order is the peak. */
function isPeak(map: Float32Array, cell: number, { rows, columns }: CellGrid): boolean {
  const row = Math.floor(cell / columns)
  const column = cell % columns
  const value = map[cell] ?? 0
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      const neighbour = y * columns + x
      const other = map[neighbour] ?? 0
      if (other > value || (other === value && neighbour < cell)) return false
    }
  }
  return true
}

function suppress<Region extends ScoredRegion>(
  regions: readonly Region[],
  group: (region: Region) => number,
  { maxIou, limit }: StockDecodeOptions,
): Region[] {
  const candidates = regions.map((region) => ({ ...region, group: group(region) }))
  return nonMaximumSuppression(candidates, maxIou, limit).flatMap((index) => regions[index] ?? [])
}
