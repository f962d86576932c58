import type { Box } from '../geometry/box'
import type { Letterbox } from '../geometry/letterbox'
import { toInputFrame } from '../geometry/letterbox'

/** The dense grid a detector predicts on; cell (row, column) has index row * columns + column. */
export interface CellGrid {
  readonly rows: number
  readonly columns: number
  /** Input pixels a cell. */
  readonly stride: number
}

export interface TargetBox {
  /** Original-image pixels. */
  readonly box: Box
  /** Position of the category in the head's class order. */
  readonly classIndex: number
  readonly crowd: boolean
}

/** What the head should answer for one image. Cells not listed are background. */
export interface CellTargets {
  readonly classCount: number
  readonly objectCount: number
  /** Indices of the cells with any target, ascending, length P. */
  readonly cells: Int32Array
  /** Class heat, row-major [P, classCount]; 1 exactly at the cell that holds an object's centre. */
  readonly heat: Float32Array
  /** Left, top, right, bottom distance from the cell's centre to the box, in cells, row-major [P, 4]. */
  readonly distances: Float32Array
  /** Weight of the box loss, [P]; 0 where a cell has class heat only. The weights of a lone object sum to log(area). */
  readonly boxWeights: Float32Array
  /** 1 where a cell may serve as background: inside the image, outside crowd regions, not in `cells`. */
  readonly background: Uint8Array
}

/** Size of the Gaussian (3 sigma to each side) against the box, as in TTFNet (Liu 2020). */
const gaussianExtent = 0.54
/** Cells; below this the neighbours of a tiny object's cell, hardly worse places for it, would count as background. */
const smallestSigma = 0.5
/** The Gaussian ends here, in sigma. */
const cutoff = 2.5

interface PlacedObject {
  readonly box: Box
  readonly classIndex: number
}

interface DrawnCell {
  readonly cell: number
  readonly value: number
  readonly distances: readonly number[]
  readonly ownsBox: boolean
}

interface TargetCell {
  readonly heat: Float32Array
  readonly distances: Float32Array
  boxWeight: number
}

/**
 * Targets after TTFNet: an elliptic Gaussian of class heat around each centre, and box distances on those of its cells
 * that lie in the box, weighted by the normalised Gaussian times the logarithm of the box's area in input pixels, so
 * that large boxes do not drown small ones. Where objects overlap the smaller one owns the cell's box.
 *
 * Unlike there, the Gaussian is centred on the exact centre rather than on its cell, and is never narrower than half a
 * cell: a cell of a stride-8 map is as large as a small object.
 */
export function createTargets(
  boxes: readonly TargetBox[],
  classCount: number,
  letterbox: Letterbox,
  grid: CellGrid,
): CellTargets {
  const background = imageCells(letterbox, grid)
  const objects: PlacedObject[] = []
  for (const { box, classIndex, crowd } of boxes) {
    const placed = scaleBox(toInputFrame(box, letterbox), 1 / grid.stride)
    if (crowd) clearCells(background, placed, grid)
    else if (placed.width > 0 && placed.height > 0) objects.push({ box: placed, classIndex })
  }
  objects.sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)

  const cells = new Map<number, TargetCell>()
  for (const object of objects) drawObject(cells, object, classCount, grid)

  const indices = Int32Array.from([...cells.keys()].sort((a, b) => a - b))
  const heat = new Float32Array(indices.length * classCount)
  const distances = new Float32Array(indices.length * 4)
  const boxWeights = new Float32Array(indices.length)
  indices.forEach((cell, position) => {
    const target = cells.get(cell)
    if (target === undefined) return
    heat.set(target.heat, position * classCount)
    distances.set(target.distances, position * 4)
    boxWeights[position] = target.boxWeight
    background[cell] = 0
  })
  return {
    classCount,
    objectCount: objects.length,
    cells: indices,
    heat,
    distances,
    boxWeights,
    background,
  }
}

/** 1 for every cell whose centre lies on the image, 0 on the grey bars, [rows * columns]. */
export function imageCells(letterbox: Letterbox, { rows, columns, stride }: CellGrid): Uint8Array {
  const inside = new Uint8Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const y = (row + 0.5) * stride - letterbox.offsetY
    if (y < 0 || y > letterbox.height) continue
    for (let column = 0; column < columns; column++) {
      const x = (column + 0.5) * stride - letterbox.offsetX
      if (x >= 0 && x <= letterbox.width) inside[row * columns + column] = 1
    }
  }
  return inside
}

function scaleBox(box: Box, factor: number): Box {
  return {
    x: box.x * factor,
    y: box.y * factor,
    width: box.width * factor,
    height: box.height * factor,
  }
}

function clearCells(mask: Uint8Array, box: Box, { rows, columns }: CellGrid): void {
  const lastRow = Math.min(rows, Math.ceil(box.y + box.height))
  const lastColumn = Math.min(columns, Math.ceil(box.x + box.width))
  for (let row = Math.max(0, Math.floor(box.y)); row < lastRow; row++) {
    for (let column = Math.max(0, Math.floor(box.x)); column < lastColumn; column++) {
      mask[row * columns + column] = 0
    }
  }
}

function clampIndex(value: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(value)))
}

function drawObject(
  cells: Map<number, TargetCell>,
  { box, classIndex }: PlacedObject,
  classCount: number,
  { rows, columns, stride }: CellGrid,
): void {
  const centreX = box.x + box.width / 2
  const centreY = box.y + box.height / 2
  const centreColumn = clampIndex(centreX, columns)
  const centreRow = clampIndex(centreY, rows)
  const sigmaX = Math.max(smallestSigma, (box.width * gaussianExtent) / 6)
  const sigmaY = Math.max(smallestSigma, (box.height * gaussianExtent) / 6)
  const logArea = Math.log(Math.max(Math.E, box.width * box.height * stride * stride))

  const drawn: DrawnCell[] = []
  let sum = 0
  for (let row = 0; row < rows; row++) {
    const dy = (row + 0.5 - centreY) / sigmaY
    if (row !== centreRow && Math.abs(dy) > cutoff) continue
    for (let column = 0; column < columns; column++) {
      const dx = (column + 0.5 - centreX) / sigmaX
      const isCentre = row === centreRow && column === centreColumn
      if (!isCentre && dx * dx + dy * dy > cutoff * cutoff) continue
      const value = isCentre ? 1 : Math.exp(-(dx * dx + dy * dy) / 2)
      const distances = sideDistances(box, column + 0.5, row + 0.5)
      // From outside the box no four distances describe it; the centre's cell answers for it in any case.
      const ownsBox = isCentre || Math.min(...distances) > 0
      drawn.push({ cell: row * columns + column, value, distances, ownsBox })
      if (ownsBox) sum += value
    }
  }
  for (const { cell, value, distances, ownsBox } of drawn) {
    const target = cells.get(cell) ?? {
      heat: new Float32Array(classCount),
      distances: new Float32Array(4),
      boxWeight: 0,
    }
    cells.set(cell, target)
    target.heat[classIndex] = Math.max(target.heat[classIndex] ?? 0, value)
    if (!ownsBox) continue
    target.distances.set(distances)
    target.boxWeight = (logArea * value) / sum
  }
}

/** Left, top, right and bottom distance from a point to the box's sides; negative where the point is outside. */
function sideDistances(box: Box, x: number, y: number): number[] {
  return [x - box.x, y - box.y, box.x + box.width - x, box.y + box.height - y]
}
