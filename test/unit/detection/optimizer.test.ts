import { describe, expect, it } from 'vitest'
import {
  applyAdamW,
  applyAdamWByGroup,
  cosineSchedule,
  createAdamW,
} from '../../../src/core/detection/optimizer'

describe('AdamW', () => {
  it('moves every parameter by the learning rate in the first step, whatever the gradient', () => {
    const parameters = Float32Array.of(1, 1, 1)
    applyAdamW(createAdamW(3), parameters, Float32Array.of(1e-3, -50, 0), 0.1, 0)
    expect(parameters[0]).toBeCloseTo(0.9, 4)
    expect(parameters[1]).toBeCloseTo(1.1, 4)
    expect(parameters[2]).toBe(1)
  })

  it('follows the published update in the second step', () => {
    const parameters = Float32Array.of(0)
    const state = createAdamW(1)
    applyAdamW(state, parameters, Float32Array.of(1), 0.1, 0)
    applyAdamW(state, parameters, Float32Array.of(3), 0.1, 0)
    // m = (0.09 + 0.3) / (1 - 0.81), s = (0.000999 + 0.009) / (1 - 0.998001)
    const second = (0.1 * (0.39 / 0.19)) / Math.sqrt(0.009999 / 0.001999)
    expect(parameters[0]).toBeCloseTo(-0.1 - second, 5)
  })

  it('decays weights apart from the gradient', () => {
    const parameters = Float32Array.of(2)
    applyAdamW(createAdamW(1), parameters, Float32Array.of(0), 0.1, 0.5)
    expect(parameters[0]).toBeCloseTo(2 * (1 - 0.1 * 0.5), 6)
  })

  it('takes rate and decay by group, and leaves parameters of none alone', () => {
    const parameters = Float32Array.of(2, 2, 2)
    applyAdamWByGroup(createAdamW(3), parameters, Float32Array.of(1, 1, 1), [
      { start: 0, end: 1, learningRate: 0.1, weightDecay: 0.5 },
      { start: 2, end: 3, learningRate: 0.01, weightDecay: 0 },
    ])
    expect(parameters[0]).toBeCloseTo(2 * 0.95 - 0.1, 6)
    expect(parameters[1]).toBe(2)
    expect(parameters[2]).toBeCloseTo(1.99, 6)
  })
})

describe('cosineSchedule', () => {
  it('warms up linearly, peaks, and ends near zero', () => {
    expect(cosineSchedule(1, 0, 100, 20)).toBeCloseTo(0.05, 9)
    expect(cosineSchedule(1, 19, 100, 20)).toBe(1)
    expect(cosineSchedule(1, 20, 100, 20)).toBe(1)
    expect(cosineSchedule(1, 60, 100, 20)).toBeCloseTo(0.5, 9)
    expect(cosineSchedule(1, 99, 100, 20)).toBeLessThan(0.001)
  })
})
