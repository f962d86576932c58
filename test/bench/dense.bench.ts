/**
 * The engine's training on sampled cells against training on dense maps with plain `tf.layers` (see dense-baseline.ts):
 * seconds until the latter reaches the AP50 that the former ends with. Same images, features, targets, backend and run.
 */
import { defaultRecipe, trainHead } from '../../src/engine/head/train'
import { cacheFeatures, quietContext, testAp50, trainRequest } from './cached-set'
import { trainDense } from './dense-baseline'
import { atLeast, plain, type BenchOptions, type BenchResult } from './figure'

const labeled = 100
/** The dense training is given up after so many times the engine's seconds: the ratio is a lower bound then. */
const mostTimes = 14
/** Evaluations of the dense training, at most, and at even distances. */
const evaluations = 28

export async function run(
  options: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const set = await cacheFeatures(options, labeled, report)
  const request = trainRequest(set, {}, 1)
  const begin = performance.now()
  const head = await trainHead(request, set.store, quietContext())
  const own = (performance.now() - begin) / 1000
  const target = await testAp50(set, head)
  report(`sampled cells: AP50 ${target.toFixed(3)} after ${own.toFixed(1)} s`)

  const secondsLimit = own * mostTimes
  let best = 0
  let reached: number | undefined
  const spent = await trainDense(request, set.store, {
    imagesPerStep: defaultRecipe.imagesPerStep,
    secondsLimit,
    everySeconds: secondsLimit / evaluations,
    onHead: async (dense, seconds, epoch) => {
      const ap50 = await testAp50(set, dense)
      best = Math.max(best, ap50)
      if (ap50 >= target) reached ??= seconds
      report(`dense maps: AP50 ${ap50.toFixed(3)} after ${seconds.toFixed(1)} s, ${epoch} epochs`)
      return reached !== undefined
    },
  })
  if (reached === undefined)
    report(`dense maps: given up after ${spent.toFixed(0)} s; the ratio is a lower bound`)
  return {
    engine: set.engine,
    figures: [
      atLeast('dense-ratio', (reached ?? spent) / own, 'x', 10),
      plain('dense-seconds', reached ?? spent, 's'),
      plain('sampled-seconds', own, 's'),
      plain('sampled-ap50', target, ''),
      plain('dense-best-ap50', best, ''),
    ],
  }
}
