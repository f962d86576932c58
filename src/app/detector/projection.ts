import type { ImageId } from '../../core/dataset/types'
import { seededRandom } from '../../core/random/seeded'
import type { Projection } from '../../engine/features/protocol'
import type { Activity } from '../state/activity.svelte'
import { readImages } from './image-files'
import type { Session } from '../state/session'

/** Images whose cells the projection is fitted on. */
const projectionImages = 64

/** What storage keeps of a project: one projection an input size. */
interface StoredProjections {
  /** Those of earlier releases do not say which backbone they were fitted on. */
  readonly projections: readonly (Omit<Projection, 'backboneId'> &
    Partial<Pick<Projection, 'backboneId'>>)[]
}

/**
 * The projection for this input size, fitted once and kept: heads can only read features made with theirs. One that was
 * fitted on another backbone is fitted again, and the user is told.
 */
export async function ensureProjection(
  session: Session,
  inputSize: number,
  activity: Activity,
): Promise<Projection> {
  const { storage } = session.services
  const backboneId = await session.engine.call('backboneId', undefined)
  const stored = (await storage.getProjection(session.project.id)) as StoredProjections | undefined
  const kept = stored?.projections ?? []
  const known = kept.filter((item): item is Projection => item.backboneId === backboneId)
  const found = known.find((projection) => projection.inputSize === inputSize)
  if (found !== undefined) return found
  const isOutdated = kept.some((projection) => projection.inputSize === inputSize)
  const random = seededRandom(session.project.seed).fork('projection')
  const sample = random.shuffle(poolIds(session)).slice(0, projectionImages)
  activity.enter('Learning which features matter', sample.length)
  const projection = await session.engine.call(
    'fitProjection',
    { images: await readImages(session, sample), inputSize, seed: session.project.seed },
    {
      signal: activity.signal,
      onEvent: ({ done, total, secondsLeft }) => activity.advance(done, total, secondsLeft),
    },
  )
  const projections: StoredProjections = { projections: [...known, projection] }
  await storage.putProjection(session.project.id, projections)
  if (isOutdated) {
    session.notices.add(
      'info',
      'The detector has changed since this project was trained: its images are embedded again. Labels and results are ' +
        'kept; train the newest round again before you ask for the next.',
    )
  }
  return projection
}

/** The projection is fitted on pool images only, so that the test split stays unseen. */
function poolIds(session: Session): ImageId[] {
  return session.images.filter(({ split }) => split === 'pool').map(({ id }) => id)
}
