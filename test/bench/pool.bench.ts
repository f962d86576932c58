/** Accuracy and training time with all images of the pool labelled: where the learning curve tops out. */
import { prepareTrial } from '../../src/cli/detector-trial'
import { manyLabelsSettings } from '../../src/core/detection/model-settings'
import { atLeast, atMost, mean, plain, type BenchOptions, type BenchResult } from './figure'

/** By data set. */
const bars: Readonly<Record<string, number>> = { 'blood-cells': 0.86, 'playing-cards': 0.88 }

export async function run(
  { folderUrl, dataset, seeds, splitSeed, settings }: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const baseUrl = new URL('/', location.href).href
  const options = {
    folderUrl,
    baseUrl,
    splitSeed,
    settings: { ...manyLabelsSettings(settings.depth ?? 'head'), ...settings },
  }
  const trial = await prepareTrial(options, report)
  try {
    const results = []
    for (let seed = 1; seed <= seeds; seed++) results.push(await trial.run(undefined, seed))
    const ap50 = mean(results.map((result) => result.ap50 ?? NaN))
    const id = 'ap50-pool'
    const bar = bars[dataset]
    return {
      engine: trial.engine,
      figures: [
        bar === undefined ? plain(id, ap50, '') : atLeast(id, ap50, '', bar),
        plain('ap-pool', mean(results.map(({ ap }) => ap ?? NaN)), ''),
        atMost(
          'train-seconds-pool',
          Math.max(...results.map(({ trainSeconds }) => trainSeconds)),
          's',
          900,
        ),
        plain('embed-all-seconds', trial.embedSeconds, 's'),
      ],
    }
  } finally {
    trial.close()
  }
}
