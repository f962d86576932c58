/** AdamW (Loshchilov & Hutter 2019) over one flat vector of parameters. */
export interface AdamWState {
  readonly mean: Float32Array
  readonly square: Float32Array
  step: number
}

/** Moments at zero for `size` parameters. */
export function createAdamW(size: number): AdamWState {
  return { mean: new Float32Array(size), square: new Float32Array(size), step: 0 }
}

const beta1 = 0.9
const beta2 = 0.999
const epsilon = 1e-8

/** Neighbouring parameters that are updated alike. */
export interface ParameterGroup {
  readonly start: number
  /** Of the first parameter behind the group. */
  readonly end: number
  readonly learningRate: number
  readonly weightDecay: number
}

/** Applies one update to `parameters` in place; the weight decay is decoupled from the gradient. */
export function applyAdamW(
  state: AdamWState,
  parameters: Float32Array,
  gradient: Float32Array,
  learningRate: number,
  weightDecay: number,
): void {
  const all = { start: 0, end: parameters.length, learningRate, weightDecay }
  applyAdamWByGroup(state, parameters, gradient, [all])
}

/** As `applyAdamW`, with rates and decays by group; a parameter in no group stays as it is. */
export function applyAdamWByGroup(
  state: AdamWState,
  parameters: Float32Array,
  gradient: Float32Array,
  groups: readonly ParameterGroup[],
): void {
  state.step += 1
  const meanScale = 1 / (1 - beta1 ** state.step)
  const squareScale = 1 / (1 - beta2 ** state.step)
  const { mean, square } = state
  for (const { start, end, learningRate, weightDecay } of groups) {
    const keep = 1 - learningRate * weightDecay
    for (let index = start; index < end; index++) {
      const slope = gradient[index] ?? 0
      const m = beta1 * (mean[index] ?? 0) + (1 - beta1) * slope
      const s = beta2 * (square[index] ?? 0) + (1 - beta2) * slope * slope
      mean[index] = m
      square[index] = s
      parameters[index] =
        (parameters[index] ?? 0) * keep -
        (learningRate * m * meanScale) / (Math.sqrt(s * squareScale) + epsilon)
    }
  }
}

/** Learning rate at a 0-based step: linear warm-up, then half a cosine down to zero at `steps`. */
export function cosineSchedule(peak: number, step: number, steps: number, warmUp: number): number {
  if (step < warmUp) return (peak * (step + 1)) / warmUp
  return (peak * (1 + Math.cos((Math.PI * (step - warmUp)) / Math.max(1, steps - warmUp)))) / 2
}
