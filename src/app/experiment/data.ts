/** What an experiment of the notebook replays: the project's labelled images, or those that the oracle knows. */
import type { ImageId } from '../../core/dataset/types'
import { digestData } from '../../core/experiment/replay/data-digest'
import type { KnownImage, ReplayData } from '../../core/experiment/replay/detector-replay'
import { fitRounds } from '../../core/experiment/replay/fitting-rounds'
import {
  drawnTestImages,
  leastPoolImages,
  splitKnown,
  type KnownSplit,
} from '../../core/experiment/replay/known-split'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../core/experiment/replay/experiment-settings'
import type { ExperimentCell } from '../../core/notebook/types'
import { defaultRoundSettings } from '../../core/notebook/default-settings'
import type { TruthBox } from '../../core/evaluation/types'
import { contentHash } from '../rounds/acquire'
import { knownBoxes } from '../rounds/oracle'
import { ownCost } from '../state/effort'
import type { Session } from '../state/session'

/** In every experiment. The others are judged against the first; what does not beat the second was not worth the trouble. */
export const baselines = ['random', 'presence-random'] as const

/** Labelled images on either side of the split. */
export interface LabeledCounts {
  readonly pool: number
  readonly test: number
}

/** Images with a finished label, as far as an experiment may use them. */
export function ownCounts({ pool, testLabeled }: Session): LabeledCounts {
  return { pool: pool.labeled.length, test: testLabeled.length }
}

/** Images that the oracle knows. */
export async function oracleCounts(session: Session): Promise<LabeledCounts> {
  const known = await oracleTruth(session)
  const counts = { pool: 0, test: 0 }
  for (const { id, split } of session.images) if (known.has(id)) counts[split]++
  return counts
}

/** @throws Error when too few images are labelled, in words that say how many are */
export async function knownImages(
  session: Session,
  labels: ExperimentCell['labels'],
): Promise<KnownSplit<KnownImage>> {
  const truths = labels === 'own' ? ownTruth(session) : await oracleTruth(session)
  const on = (side: 'pool' | 'test'): KnownImage[] =>
    session.images.flatMap(({ id, split }) => {
      const truth = split === side ? truths.get(id) : undefined
      return truth === undefined ? [] : [{ imageId: id, key: contentHash(session, id), truth }]
    })
  const split = splitKnown(on('pool'), on('test'))
  if (split.pool.length < leastPoolImages) {
    const whose = labels === 'own' ? 'are labelled' : 'are known to the oracle'
    throw new Error(
      `An experiment needs ${leastPoolImages} labelled images to choose from at the very least, and some hundred to say ` +
        `much; ${split.pool.length + split.test.length} ${whose}, of which ${split.test.length} are kept to measure on.`,
    )
  }
  return split
}

/** Digest of what an experiment is made on; the same for the same files and labels in any project. */
export function digestOf({ categories, pool, test }: ReplayData): string {
  const names = new Map(categories.map(({ id, name }) => [id, name]))
  const lines = (images: readonly KnownImage[]) =>
    images.map(({ key, truth }) => ({
      imageId: key,
      truth: truth.map((box) => ({ ...box, categoryId: names.get(box.categoryId) })),
    }))
  return digestData([...names.values()], { pool: lines(pool), test: lines(test) })
}

/** What a new experiment is made with: as many rounds as the labelled images give, at the cost that was measured here. */
export async function newProtocol(
  session: Session,
): Promise<Pick<ExperimentCell, 'labels' | 'settings'>> {
  const labels = session.project.hasOracle ? 'oracle' : 'own'
  const counts = labels === 'own' ? ownCounts(session) : await oracleCounts(session)
  const pool = counts.pool - drawnTestImages(counts.pool, counts.test)
  const { model, cost } = defaultExperimentSettings
  const inputSize = session.notebook.cells.find(({ kind }) => kind === 'model')
  const strategies = new Set([...baselines, defaultRoundSettings.strategyId])
  return {
    labels,
    settings: {
      ...defaultExperimentSettings,
      strategies: [...strategies].map(parseVariant),
      // With too few for any experiment, those of one that says something once there are more.
      ...(pool >= leastPoolImages && fitRounds(pool, defaultExperimentSettings)),
      // As the rounds have it: the cache holds features of one size.
      model: {
        ...model,
        ...(inputSize?.kind === 'model' && { inputSize: inputSize.settings.inputSize }),
      },
      cost: ownCost(session) ?? cost,
    },
  }
}

/** Boxes by id, as storage lists them: a deletion that was undone has put one last, but in this session only. */
function ownTruth({ images, labels }: Session): Map<ImageId, TruthBox[]> {
  const done = images.filter(({ id }) => labels.isDone(id))
  return new Map(
    done.map(({ id }) => [
      id,
      labels
        .of(id)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ categoryId, box, crowd }) => ({ categoryId, box, crowd })),
    ]),
  )
}

async function oracleTruth(session: Session): Promise<Map<ImageId, TruthBox[]>> {
  const ids = session.images.map(({ id }) => id)
  const records = await session.services.storage.getOracle(ids)
  return new Map(records.map((record) => [record.imageId, [...knownBoxes(session, record)]]))
}
