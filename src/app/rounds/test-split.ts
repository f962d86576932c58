import { drawTestSplit } from '../../core/dataset/split'
import type { Annotation, ImageId, ImageRecord, Split } from '../../core/dataset/types'
import { seededRandom } from '../../core/random/seeded'
import { Activity } from '../state/activity.svelte'
import { labelsFromBoxes } from '../import/labels'
import { knownBoxes } from './oracle'
import { changeProject } from '../import/project-record'
import type { Session } from '../state/session'

/**
 * Draws the test split anew with another share of the images. What somebody has labelled by hand stays.
 * @throws RangeError unless 0 <= fraction <= 0.5; Error once a round exists, because its figures rest on the split.
 */
export async function redrawTestSplit(session: Session, fraction: number): Promise<void> {
  if (!(fraction >= 0 && fraction <= 0.5)) {
    throw new RangeError('The test split can hold 0 to 50 % of the images.')
  }
  await session.during(new Activity('import', 'Drawing the test split'), async () => {
    if (session.notebook.rounds.length > 0) {
      throw new Error(
        'The test split is frozen: rounds have been measured on it. Make a new project to choose another.',
      )
    }
    const changed = redrawn(session, fraction)
    // In this order the oracle's labels never lie in the pool, wherever a closed tab cuts it off.
    await takeBackAnswers(session, changed)
    await session.services.storage.putImageRecords(changed)
    await changeProject(session, { testFraction: fraction })
    await session.reload()
    await answerTestSplit(session)
  })
}

/** The images whose side changes, on their new side. */
function redrawn({ project, images }: Session, fraction: number): ImageRecord[] {
  const test = drawTestSplit(
    images.map(({ sha256 }) => sha256),
    fraction,
    seededRandom(project.seed).fork('test split'),
  )
  return images.flatMap((image) => {
    const split: Split = test.has(image.sha256) ? 'test' : 'pool'
    return split === image.split ? [] : [{ ...image, split }]
  })
}

/** The oracle keeps silent about the pool: images that come into it lose the labels it gave them. */
async function takeBackAnswers(session: Session, changed: readonly ImageRecord[]): Promise<void> {
  const { labels } = session
  const answered = changed.filter(
    ({ id, split }) => split === 'pool' && isOracleAnswer(session, id, labels.of(id)),
  )
  await labels.commitMany(
    answered.map(({ id }) => ({
      imageId: id,
      diff: { added: [], updated: [], removed: labels.of(id) },
      options: { status: 'in-progress' },
    })),
  )
}

/** True for a label that is the oracle's alone, whether it found something or not. */
function isOracleAnswer(
  { labels }: Session,
  imageId: ImageId,
  annotations: readonly Annotation[],
): boolean {
  const label = labels.label(imageId)
  return (
    label?.status === 'done' &&
    label.secondsSource === 'assumed' &&
    annotations.every(({ origin }) => origin === 'oracle')
  )
}

/** The oracle labels the images of the test split that nobody has begun to label. */
async function answerTestSplit(session: Session): Promise<void> {
  const { project, services, labels, testImages } = session
  if (!project.hasOracle) return
  const open = testImages
    .map(({ id }) => id)
    .filter((id) => !labels.isDone(id) && labels.of(id).length === 0)
  const oracle = await services.storage.getOracle(open)
  await labels.commitMany(
    oracle.map((answer) => {
      const { imageId } = answer
      const boxes = knownBoxes(session, answer)
      const { annotations } = labelsFromBoxes(services, project.id, imageId, boxes, 'oracle')
      return {
        imageId,
        diff: { added: annotations, updated: [], removed: [] },
        options: { status: 'done', secondsSource: 'assumed' },
      }
    }),
  )
}
