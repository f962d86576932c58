import { sigmoid, softplus } from '../numeric/sigmoid'

/** Targets of the cells of one step. N cells, C classes. */
export interface LossBatch {
  readonly cellCount: number
  readonly classCount: number
  /** Objects the cells were drawn from; normalises the class loss. */
  readonly objectCount: number
  /** [N, C], 1 at centres. */
  readonly heat: Float32Array
  /** How many cells each cell stands for, [N]. */
  readonly cellWeights: Float32Array
  /** Left, top, right, bottom in cells, [N, 4]. */
  readonly distances: Float32Array
  /** Weight of the box loss, [N]; 0 = none. */
  readonly boxWeights: Float32Array
}

export interface LossAndGradient {
  /** Mean over the committee. */
  readonly loss: number
  /** d(sum of the members' losses) / d outputs, same layout as the outputs. */
  readonly gradient: Float32Array
}

const giouWeight = 5
/** exp() of a raw distance stays within 0.002 and 400 cells; outside, the gradient is zero. */
const rawDistanceLimit = 6

/** The distance in cells that a head's raw output stands for. */
export function decodeDistance(raw: number): number {
  return Math.exp(Math.min(rawDistanceLimit, Math.max(-rawDistanceLimit, raw)))
}

/**
 * Loss of a committee and its gradient at the head's outputs: penalty-reduced focal loss (alpha 2, beta 4) of CenterNet
 * (Zhou 2019) on the class logits, plus 5 x GIoU loss (Rezatofighi 2019) on the boxes, as TTFNet weights them.
 *
 * Members are independent models that share their input, so each receives the gradient of its own loss.
 *
 * @param outputs row-major [K, N, C + 4]: class logits, then logarithms of the four distances in cells
 */
export function detectionLoss(
  outputs: Float32Array,
  members: number,
  batch: LossBatch,
): LossAndGradient {
  const { cellCount, classCount, heat, cellWeights, boxWeights, distances } = batch
  const width = classCount + 4
  const gradient = new Float32Array(outputs.length)
  let boxWeightSum = 0
  for (let cell = 0; cell < cellCount; cell++) {
    boxWeightSum += (boxWeights[cell] ?? 0) * (cellWeights[cell] ?? 0)
  }
  const classFactor = 1 / Math.max(1, batch.objectCount)
  const boxFactor = boxWeightSum > 0 ? giouWeight / boxWeightSum : 0

  let total = 0
  for (let member = 0; member < members; member++) {
    for (let cell = 0; cell < cellCount; cell++) {
      const start = (member * cellCount + cell) * width
      const cellWeight = cellWeights[cell] ?? 0
      const factor = cellWeight * classFactor
      for (let index = 0; index < classCount; index++) {
        const target = heat[cell * classCount + index] ?? 0
        total +=
          factor * focal(outputs[start + index] ?? 0, target, factor, gradient, start + index)
      }
      const boxWeight = (boxWeights[cell] ?? 0) * cellWeight * boxFactor
      if (boxWeight > 0) {
        total +=
          boxWeight * giou(outputs, start + classCount, distances, cell * 4, boxWeight, gradient)
      }
    }
  }
  return { loss: total / members, gradient }
}

/** Focal loss of one logit; writes `factor` times its derivative. */
function focal(
  logit: number,
  target: number,
  factor: number,
  gradient: Float32Array,
  at: number,
): number {
  const p = sigmoid(logit)
  const q = 1 - p
  if (target === 1) {
    const logP = -softplus(-logit)
    gradient[at] = factor * (2 * p * q * q * logP - q * q * q)
    return -q * q * logP
  }
  const reduction = (1 - target) ** 4
  const logQ = -softplus(logit)
  gradient[at] = factor * reduction * (p * p * p - 2 * p * p * q * logQ)
  return -reduction * p * p * logQ
}

/** Scratch of `giou`, which runs for every cell and member: allocating there would dominate it. */
const predicted = new Float64Array(4)

/** 1 - GIoU of one cell's box; writes `factor` times its derivative to the four raw distances. */
function giou(
  outputs: Float32Array,
  at: number,
  distances: Float32Array,
  targetAt: number,
  factor: number,
  gradient: Float32Array,
): number {
  for (let side = 0; side < 4; side++) predicted[side] = decodeDistance(outputs[at + side] ?? 0)
  const [l = 0, t = 0, r = 0, b = 0] = predicted
  const tl = distances[targetAt] ?? 0
  const tt = distances[targetAt + 1] ?? 0
  const tr = distances[targetAt + 2] ?? 0
  const tb = distances[targetAt + 3] ?? 0

  const overlapWidth = Math.max(0, Math.min(l, tl) + Math.min(r, tr))
  const overlapHeight = Math.max(0, Math.min(t, tt) + Math.min(b, tb))
  const overlap = overlapWidth * overlapHeight
  const union = (l + r) * (t + b) + (tl + tr) * (tt + tb) - overlap
  const hullWidth = Math.max(l, tl) + Math.max(r, tr)
  const hullHeight = Math.max(t, tt) + Math.max(b, tb)
  const hull = hullWidth * hullHeight

  for (let side = 0; side < 4; side++) {
    const raw = outputs[at + side] ?? 0
    if (Math.abs(raw) > rawDistanceLimit) continue
    const value = predicted[side] ?? 0
    const target = distances[targetAt + side] ?? 0
    // Left and right (even sides) stretch the width, top and bottom the height.
    const isHorizontal = side % 2 === 0
    const across = isHorizontal ? t + b : l + r
    const overlapSlope =
      overlap > 0 && value < target ? (isHorizontal ? overlapHeight : overlapWidth) : 0
    const hullSlope = value > target ? (isHorizontal ? hullHeight : hullWidth) : 0
    const unionSlope = across - overlapSlope
    const slope =
      -(overlapSlope * union - overlap * unionSlope) / (union * union) -
      (unionSlope * hull - union * hullSlope) / (hull * hull)
    gradient[at + side] = factor * slope * value
  }
  return 2 - overlap / union - union / hull
}
