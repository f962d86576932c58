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
  /** Weight of the box loss, [P]; 0 where a cell is close to an object only in the heat of another class. */
  readonly boxWeights: Float32Array
  /** 1 where a cell may serve as background: inside the image, outside crowd regions, not in `cells`. */
  readonly background: Uint8Array
}

/** Size of the Gaussian against the box, as in TTFNet (Liu 2020). */
const gaussianExtent = 0.54

interface PlacedObject {
  readonly box: Box
  readonly classIndex: number
}

interface TargetCell {
  readonly heat: Float32Array
  readonly distances: Float32Array
  boxWeight: number
}

/**
 * Targets after TTFNet: an elliptic Gaussian of class heat around each centre, and box distances on the Gaussian's
 * cells weighted by its normalised value times the logarithm of the box's area in input pixels, so that large boxes
 * do not drown small ones. Where objects overlap the smaller one owns the cell's box.
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
  const centreColumn = clampIndex(box.x + box.width / 2, columns)
  const centreRow = clampIndex(box.y + box.height / 2, rows)
  const radiusX = Math.floor((box.width / 2) * gaussianExtent)
  const radiusY = Math.floor((box.height / 2) * gaussianExtent)
  const sigmaX = (2 * radiusX + 1) / 6
  const sigmaY = (2 * radiusY + 1) / 6
  const logArea = Math.log(Math.max(Math.E, box.width * box.height * stride * stride))

  const drawn: {
    readonly cell: number
    readonly row: number
    readonly column: number
    readonly value: number
  }[] = []
  let sum = 0
  for (
    let row = Math.max(0, centreRow - radiusY);
    row <= Math.min(rows - 1, centreRow + radiusY);
    row++
  ) {
    for (
      let column = Math.max(0, centreColumn - radiusX);
      column <= Math.min(columns - 1, centreColumn + radiusX);
      column++
    ) {
      const dx = (column - centreColumn) / sigmaX
      const dy = (row - centreRow) / sigmaY
      const value = Math.exp(-(dx * dx + dy * dy) / 2)
      drawn.push({ cell: row * columns + column, row, column, value })
      sum += value
    }
  }
  for (const { cell, row, column, value } of drawn) {
    const target = cells.get(cell) ?? {
      heat: new Float32Array(classCount),
      distances: new Float32Array(4),
      boxWeight: 0,
    }
    cells.set(cell, target)
    target.heat[classIndex] = Math.max(target.heat[classIndex] ?? 0, value)
    const x = column + 0.5
    const y = row + 0.5
    target.distances.set([x - box.x, y - box.y, box.x + box.width - x, box.y + box.height - y])
    target.boxWeight = (logArea * value) / sum
  }
}
