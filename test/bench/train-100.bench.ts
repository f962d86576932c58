/**
 * How soon a committee of the default settings is as good as it gets: seconds of training on 100 labelled images, their
 * features cached, until AP50 on the test split is within 0.01 of what the finished training reaches, and stays there.
 * The checkpoints are evaluated after the training, outside the clock.
 */
import { packHead, shapeOf } from '../../src/engine/head/head'
import type { TrainEvent } from '../../src/engine/head/protocol'
import { defaultRecipe, trainHead } from '../../src/engine/head/train'
import { cacheFeatures, testAp50, trainRequest, type CachedSet } from './cached-set'
import { atMost, mean, plain, type BenchOptions, type BenchResult } from './figure'

const labeled = 100
const tolerance = 0.01
/** Evaluating all would take minutes. */
const evaluated = 40

export async function run(
  options: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const set = await cacheFeatures(options, labeled, report)
  const runs = []
  for (let seed = 1; seed <= options.seeds; seed++) {
    const result = await timeToFinal(set, seed)
    report(
      `seed ${seed}: AP50 ${result.final.toFixed(3)} after ${result.total.toFixed(1)} s, ` +
        `within ${tolerance} from ${result.seconds.toFixed(1)} s on`,
    )
    runs.push(result)
  }
  return {
    engine: set.engine,
    figures: [
      atMost('train-seconds-100', mean(runs.map(({ seconds }) => seconds)), 's', 20),
      plain('train-total-seconds-100', mean(runs.map(({ total }) => total)), 's'),
      plain('ap50-100', mean(runs.map(({ final }) => final)), ''),
    ],
  }
}

interface TimedTraining {
  /** Until AP50 stays within the tolerance. */
  readonly seconds: number
  readonly total: number
  readonly final: number
}

async function timeToFinal(set: CachedSet, seed: number): Promise<TimedTraining> {
  const taken: { readonly seconds: number; readonly parameters: Float32Array }[] = []
  const begin = performance.now()
  const elapsed = (): number => (performance.now() - begin) / 1000
  const emit = (event: TrainEvent): void => {
    if (event.kind === 'checkpoint')
      taken.push({ seconds: elapsed(), parameters: event.checkpoint.parameters })
  }
  const context = { signal: new AbortController().signal, emit }
  const recipe = { ...defaultRecipe, checkpointSeconds: 0.1 }
  const head = await trainHead(trainRequest(set, {}, seed), set.store, context, recipe)
  const total = elapsed()
  const final = await testAp50(set, head)

  const every = Math.max(1, Math.ceil(taken.length / evaluated))
  let seconds = total
  for (let index = taken.length - 1 - every; index >= 0; index -= every) {
    const checkpoint = taken[index]
    if (checkpoint === undefined) break
    const weights = packHead(shapeOf(head), checkpoint.parameters)
    if ((await testAp50(set, { ...head, weights })) < final - tolerance) break
    seconds = checkpoint.seconds
  }
  return { seconds, total, final }
}
