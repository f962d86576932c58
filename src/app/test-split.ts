import { drawTestSplit } from '../core/dataset/split'
import type { ImageRecord, Split } from '../core/dataset/types'
import { seededRandom } from '../core/random/seeded'
import { labelsFromBoxes } from './import-labels'
import type { Session } from './session'

/**
 * Draws the test split anew with another share of the images.
 * @throws RangeError unless 0 <= fraction <= 0.5; Error once a round exists, because its figures rest on the split.
 */
export async function redrawTestSplit(session: Session, fraction: number): Promise<void> {
  if (!(fraction >= 0 && fraction <= 0.5)) {
    throw new RangeError('The test split can hold 0 to 50 % of the images.')
  }
  if (session.notebook.rounds.length > 0) {
    throw new Error(
      'The test split is frozen: rounds have been measured on it. Make a new project to choose another.',
    )
  }
  const { project, services, images } = session
  const random = seededRandom(project.seed).fork('test split')
  const test = drawTestSplit(
    images.map(({ sha256 }) => sha256),
    fraction,
    random,
  )
  const changed = images.flatMap((image) => {
    const split: Split = test.has(image.sha256) ? 'test' : 'pool'
    return split === image.split ? [] : [{ ...image, split }]
  })
  await moveOracleLabels(session, changed)
  await services.storage.putImageRecords(changed)
  await services.storage.putProject({
    ...project,
    testFraction: fraction,
    updatedAt: services.now(),
  })
  await session.reload()
}

/** The oracle labels the test split and keeps silent about the pool, whichever images these are now. */
async function moveOracleLabels(session: Session, changed: readonly ImageRecord[]): Promise<void> {
  const { project, services, labels } = session
  if (!project.hasOracle || changed.length === 0) return
  const oracle = await services.storage.getOracle(changed.map(({ id }) => id))
  const splits = new Map(changed.map(({ id, split }) => [id, split]))
  await labels.commitMany(
    oracle.map(({ imageId, boxes }) => {
      const toTest = splits.get(imageId) === 'test'
      const added = toTest
        ? labelsFromBoxes(services, project.id, imageId, boxes, 'oracle').annotations
        : []
      return {
        imageId,
        diff: { added, updated: [], removed: labels.of(imageId) },
        options: { status: toTest ? 'done' : 'in-progress', secondsSource: 'assumed' } as const,
      }
    }),
  )
}
