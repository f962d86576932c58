/**
 * What a committee costs: trainings with K = 5 and K = 1 heads on the same cached features take turns, so that whatever
 * else the machine does hits both alike. A step is everything that a training does, divided by its steps: drawing cells,
 * gradient, optimiser, and the searches for hard negatives.
 */
import { trainHead } from '../../src/engine/head/train'
import type { TrainEvent } from '../../src/engine/head/protocol'
import { cacheFeatures, trainRequest, type CachedSet } from './cached-set'
import { atMost, median, plain, type BenchOptions, type BenchResult } from './figure'

const labeled = 100
const rounds = 5
/** A training of twice the interval holds one search for hard negatives in every 60 steps, as a long one does. */
const steps = 121

export async function run(
  options: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const set = await cacheFeatures(options, labeled, report)
  const ratios: number[] = []
  const times = {
    one: [] as number[],
    five: [] as number[],
    plainOne: [] as number[],
    plainFive: [] as number[],
  }
  await measure(set, 5)
  await measure(set, 1)
  for (let round = 0; round < rounds; round++) {
    const five = await measure(set, 5)
    const one = await measure(set, 1)
    ratios.push(five.perStep / one.perStep)
    times.five.push(five.perStep)
    times.one.push(one.perStep)
    times.plainFive.push(five.bare)
    times.plainOne.push(one.bare)
    report(
      `K = 5: ${five.perStep.toFixed(1)} ms a step (${five.bare.toFixed(1)} without searches), ` +
        `K = 1: ${one.perStep.toFixed(1)} (${one.bare.toFixed(1)})`,
    )
  }
  return {
    engine: set.engine,
    figures: [
      atMost('committee-ratio', median(ratios), 'x', 1.5),
      plain(
        'committee-ratio-without-searches',
        median(times.plainFive) / median(times.plainOne),
        'x',
      ),
      plain('step-milliseconds-5', median(times.five), 'ms'),
      plain('step-milliseconds-1', median(times.one), 'ms'),
    ],
  }
}

/** Milliseconds a step of a training with `committee` heads, all included, and the median between two reported steps. */
async function measure(
  set: CachedSet,
  committee: number,
): Promise<{ readonly perStep: number; readonly bare: number }> {
  const at: number[] = []
  const emit = (event: TrainEvent): void => {
    if (event.kind === 'step') at.push(performance.now())
  }
  const begin = performance.now()
  const context = { signal: new AbortController().signal, emit }
  await trainHead(trainRequest(set, { committee, steps }, 1), set.store, context)
  const perStep = (performance.now() - begin) / steps
  const gaps = at.slice(1).map((time, index) => time - (at[index] ?? NaN))
  return { perStep, bare: median(gaps) }
}
