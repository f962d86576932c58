/**
 * What each part of the recipe is worth: AP50 with 40 labelled images with everything, and with one part left out at a
 * time. For the input size, run it again with `--set inputSize=320`. One seed moves by 0.02; compare means of three.
 */
import { levelRange } from '../../src/core/detection/cell-features'
import { FeatureStore } from '../../src/engine/features/feature-store'
import type { FeatureMap } from '../../src/engine/features/protocol'
import { defaultRecipe, trainHead, type TrainingRecipe } from '../../src/engine/head/train'
import { cacheFeatures, quietContext, testAp50, trainRequest, type CachedSet } from './cached-set'
import { mean, plain, type BenchOptions, type BenchResult } from './figure'

const labeled = 40
/** Levels of the backbone that are cells themselves; the others tell what lies around. */
const ownLevels = 2

interface Variant {
  readonly id: string
  readonly set: CachedSet
  readonly views?: number
  readonly recipe?: Partial<TrainingRecipe>
}

export async function run(
  options: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const set = await cacheFeatures(options, labeled, report)
  const { committee } = set.settings
  const { positives, hardNegatives, randomNegatives } = defaultRecipe.cellLimits
  const variants: Variant[] = [
    { id: 'everything', set },
    { id: 'no-views', set, views: 0 },
    { id: 'no-surroundings', set: { ...set, store: withoutSurroundings(set) } },
    { id: 'every-member-on-every-image', set, recipe: { membersPerImage: committee } },
    {
      id: 'no-hard-negatives',
      set,
      recipe: {
        cellLimits: {
          positives,
          hardNegatives: 0,
          randomNegatives: randomNegatives + hardNegatives,
        },
      },
    },
    { id: 'no-noise', set, recipe: { featureNoise: 0, dropoutRate: 0 } },
  ]
  const figures = []
  for (const variant of variants) {
    const values: number[] = []
    for (let seed = 1; seed <= options.seeds; seed++) values.push(await ap50(variant, seed))
    report(`${variant.id}: AP50 ${values.map((value) => value.toFixed(3)).join(', ')}`)
    figures.push(plain(`ap50-${variant.id}`, mean(values), ''))
  }
  return { engine: set.engine, figures }
}

async function ap50({ set, views, recipe }: Variant, seed: number): Promise<number> {
  const request = trainRequest(set, views === undefined ? {} : { views }, seed)
  const all = { ...defaultRecipe, ...recipe }
  return testAp50(set, await trainHead(request, set.store, quietContext(), all))
}

/** The same features without the levels that tell what lies around a cell, which come last. */
function withoutSurroundings({ store, labeled: trained, test }: CachedSet): FeatureStore {
  const bare = new FeatureStore(Infinity)
  for (const { imageId } of [...trained, ...test]) {
    const features = store.get(imageId)
    const levels = features.levels.slice(0, ownLevels)
    const { end } = levelRange(features, ownLevels - 1)
    const cut = <Cells extends Pick<FeatureMap, 'codes'>>(cells: Cells): Cells => ({
      ...cells,
      codes: cells.codes.subarray(0, end),
    })
    bare.set({
      ...cut(features),
      levels,
      channels: levels.reduce((sum, { channels }) => sum + channels, 0),
      ...(features.views && { views: features.views.map(cut) }),
    })
  }
  return bare
}
