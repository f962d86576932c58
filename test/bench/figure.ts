import type { ModelSettings } from '../../src/core/detection/types'
import type { EngineInfo } from '../../src/engine/device/protocol'

/** One measured number, against the bar it has to keep where there is one. */
export interface Figure {
  readonly id: string
  readonly value: number
  readonly unit: string
  readonly bar: number | undefined
  readonly ok: boolean
}

/** What every benchmark is given. */
export interface BenchOptions {
  readonly folderUrl: string
  /** Folder name of the data set; some bars hold for one data set only. */
  readonly dataset: string
  readonly seeds: number
  readonly splitSeed: number
  /** Model settings to differ in, for experiments. */
  readonly settings: Partial<ModelSettings>
}

export interface BenchResult {
  readonly engine: EngineInfo
  readonly figures: readonly Figure[]
}

/** A figure that may be `bar` or less. */
export function atMost(id: string, value: number, unit: string, bar: number): Figure {
  return { id, value, unit, bar, ok: value <= bar }
}

/** A figure that must be `bar` or more. */
export function atLeast(id: string, value: number, unit: string, bar: number): Figure {
  return { id, value, unit, bar, ok: value >= bar }
}

/** A figure to know, without a bar. */
export function plain(id: string, value: number, unit: string): Figure {
  return { id, value, unit, bar: undefined, ok: Number.isFinite(value) }
}

/** The value below which this share of the values lie; no interpolation. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN
}

/** The middle value; of an even number of values the upper of the two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The arithmetic mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
