import type { CategoryId } from '../dataset/types'
import { toImageFrame } from '../geometry/letterbox'
import { boxIou, clipBox } from '../geometry/overlap'
import { meanBox, type CommitteeOutput, type DecodeOptions } from './decode'
import { logit } from '../numeric/probability'
import { sigmoid } from '../numeric/sigmoid'
import { imageCells } from './targets'
import type { Detection } from './types'

/** Of logits, where two ways to compare them with a probability may differ. */
const rounding = 1e-6

/**
 * How many raw boxes stand behind each detection, itself included. A raw box is the box of any cell on the image, peak or
 * not, whose committee-mean probability of the class is at least `minScore`; it goes to the best-scored detection of its
 * class that it overlaps by more than `maxIou`, as in greedy NMS, or to none.
 * @param options those that the detections were decoded with
 * @param detections of the same output, score descending
 * @returns parallel to the detections, each at least 1
 */
export function detectionSupport(
  output: CommitteeOutput,
  options: DecodeOptions,
  detections: readonly Detection[],
): number[] {
  const { grid, members, values } = output
  const { categories, letterbox, imageWidth, imageHeight, minScore, maxIou } = options
  const cellCount = grid.rows * grid.columns
  const classCount = categories.length
  const width = classCount + 4
  const inside = imageCells(letterbox, grid)
  // A mean reaches the threshold only where some member does; most cells are done with here, without an exponential.
  const lowest = logit(minScore) - rounding
  const support = new Map<Detection, number>()
  const rivals = new Map(
    categories.map((id) => [id, detections.filter(({ categoryId }) => categoryId === id)]),
  )

  const add = (cell: number, categoryId: CategoryId): void => {
    const raw = toImageFrame(meanBox(output, cell, classCount), letterbox)
    const box = clipBox(raw, imageWidth, imageHeight)
    if (box === undefined) return
    const owner = rivals.get(categoryId)?.find((rival) => boxIou(rival.box, box) > maxIou)
    if (owner !== undefined) support.set(owner, (support.get(owner) ?? 0) + 1)
  }

  for (let cell = 0; cell < cellCount; cell++) {
    if (inside[cell] === 0) continue
    for (const [index, categoryId] of categories.entries()) {
      let most = -Infinity
      for (let member = 0; member < members; member++)
        most = Math.max(most, values[(member * cellCount + cell) * width + index] ?? 0)
      if (most < lowest) continue
      let sum = 0
      for (let member = 0; member < members; member++)
        sum += sigmoid(values[(member * cellCount + cell) * width + index] ?? 0)
      if (sum / members >= minScore) add(cell, categoryId)
    }
  }
  return detections.map((detection) => Math.max(1, support.get(detection) ?? 0))
}
