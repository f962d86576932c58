/** Accuracy and training time of the head on frozen features with 40 labelled images. */
import { prepareTrial } from '../../src/cli/detector-trial'
import { atLeast, atMost, mean, plain, type BenchOptions, type BenchResult } from './figure'

const labeled = 40
/** By data set. */
const bars: Readonly<Record<string, number>> = { 'blood-cells': 0.78, 'playing-cards': 0.68 }

export async function run(
  { folderUrl, dataset, seeds, splitSeed, settings }: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const baseUrl = new URL('/', location.href).href
  const trial = await prepareTrial({ folderUrl, baseUrl, splitSeed, settings }, report)
  try {
    const results = []
    for (let seed = 1; seed <= seeds; seed++) results.push(await trial.run(labeled, seed))
    const ap50 = mean(results.map((result) => result.ap50 ?? NaN))
    const id = `ap50-${labeled}`
    const bar = bars[dataset]
    return {
      engine: trial.engine,
      figures: [
        bar === undefined ? plain(id, ap50, '') : atLeast(id, ap50, '', bar),
        plain(`ap-${labeled}`, mean(results.map(({ ap }) => ap ?? NaN)), ''),
        atMost(
          `train-seconds-${labeled}`,
          Math.max(...results.map(({ trainSeconds }) => trainSeconds)),
          's',
          60,
        ),
        plain('embed-all-seconds', trial.embedSeconds, 's'),
      ],
    }
  } finally {
    trial.close()
  }
}
