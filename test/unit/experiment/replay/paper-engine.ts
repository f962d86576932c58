/** A replay without a detector: thirty images, and an engine of paper. */
import { strategyById } from '../../../../src/core/acquisition/registry'
import type { ImageId } from '../../../../src/core/dataset/types'
import type { ModelSettings } from '../../../../src/core/detection/types'
import { writeExperiment } from '../../../../src/core/experiment/files/experiment-files'
import {
  runReplay,
  startExperiment,
  type ReplayOptions,
} from '../../../../src/core/experiment/replay/replay'
import type {
  ReplayEngine,
  ReplayQuery,
} from '../../../../src/core/experiment/replay/replay-engine'
import type {
  ExperimentSettings,
  ExperimentState,
} from '../../../../src/core/experiment/replay/replay-types'
import { experimentResult } from '../../../../src/core/experiment/statistics/result'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../../../src/core/experiment/replay/experiment-settings'
import { hash32 } from '../../../../src/core/random/hash'
import { seededRandom } from '../../../../src/core/random/seeded'

export const images = Array.from({ length: 30 }, (_, index) => ({
  key: `image-${index}` as ImageId,
  boxes: index % 4,
}))

export const settings: ExperimentSettings = {
  ...defaultExperimentSettings,
  strategies: ['random', 'entropy', 'entropy:aggregation=mean'].map(parseVariant),
  seeds: [1, 2, 3],
  initial: 4,
  batch: 3,
  rounds: 4,
}

interface PaperHead {
  readonly steps: number
  readonly labeled: readonly ImageId[]
  readonly seed: number
}

/**
 * A detector of paper: deterministic numbers of what it was trained on and of its seed, asked for by the real strategies.
 * @param pauses turns of the event loop that a training takes, so that engines finish in any order
 */
export class PaperEngine implements ReplayEngine<PaperHead> {
  readonly trained: PaperHead[] = []
  readonly #pauses: () => number

  constructor(pauses: () => number = () => 0) {
    this.#pauses = pauses
  }

  async train(
    labeled: readonly ImageId[],
    { steps }: ModelSettings,
    seed: number,
  ): Promise<PaperHead> {
    for (let turn = this.#pauses(); turn > 0; turn--) await Promise.resolve()
    const head = { steps, labeled, seed }
    this.trained.push(head)
    return head
  }

  evaluate({ labeled, seed }: PaperHead) {
    const chance = hash32([...labeled].join(), seed) / 2 ** 32
    const ap50 = (0.8 * labeled.length) / images.length + 0.1 * chance
    return Promise.resolve({ ap50, ap: ap50 / 2 })
  }

  testInterval({ labeled }: PaperHead) {
    const height = (0.8 * labeled.length) / images.length
    return Promise.resolve({ low: height, high: height + 0.1 })
  }

  acquire({ seed }: PaperHead, query: ReplayQuery): Promise<readonly ImageId[]> {
    const { variant, unlabeled, cost, rounds, batchSize } = query
    const evidence = unlabeled.map((imageId) => {
      const score = hash32(imageId, seed) / 2 ** 32
      const box = { x: 0, y: 0, width: 9, height: 9 }
      const categoryId = 'thing' as never
      return {
        imageId,
        detections: [
          { box, categoryId, score, classProbabilities: [score], memberScores: [score] },
        ],
      }
    })
    const context = { unlabeled: evidence, labeled: [], categories: [], cost, rounds }
    const random = seededRandom(query.seed).fork(`round ${rounds}`)
    const strategy = strategyById(variant.strategyId)
    const picks = strategy.select(context, batchSize, variant.parameters, random)
    return Promise.resolve(picks.map(({ imageId }) => imageId))
  }
}

export const start = (changes: Partial<ExperimentSettings> = {}) =>
  startExperiment('paper', 'digest', { ...settings, ...changes }, images.length)

/** The result of an experiment from a state to its end, as its file. */
export async function resultOf(
  state: ExperimentState,
  engines: readonly PaperEngine[] = [new PaperEngine()],
  options: ReplayOptions = {},
) {
  return writeExperiment(experimentResult(await runReplay(state, images, engines, options)))
}
