import type { ImageId } from '../core/dataset/types'
import { seededRandom } from '../core/random/seeded'
import type { EmbedImage, FeatureMap, Projection } from '../engine/protocol'
import type { Activity } from './activity.svelte'
import type { Session } from './session'

/** Images whose cells the projection is fitted on. */
const projectionImages = 64
/** Images read from storage and sent to the worker at a time: bounds memory, lets cancel and progress through. */
const chunkSize = 16

/**
 * Makes sure that the engine holds the features of these images: already there, from storage, or embedded now.
 * @returns the ids that have no features because their file can no longer be decoded.
 */
export async function ensureFeatures(
  session: Session,
  imageIds: readonly ImageId[],
  inputSize: number,
  activity: Activity,
): Promise<Set<ImageId>> {
  const projection = await ensureProjection(session, inputSize, activity)
  const missing = await session.engine.call(
    'missingFeatures',
    { imageIds, projectionId: projection.id },
    { signal: activity.signal },
  )
  const toEmbed = await loadStored(session, missing, projection, activity)
  return embed(session, toEmbed, projection, activity)
}

/** One projection an input size, fitted once and kept: heads can only read features made with theirs. */
interface StoredProjections {
  readonly projections: readonly Projection[]
}

async function ensureProjection(
  session: Session,
  inputSize: number,
  activity: Activity,
): Promise<Projection> {
  const { storage } = session.services
  const stored = (await storage.getProjection(session.project.id)) as StoredProjections | undefined
  const known = stored?.projections ?? []
  const found = known.find((projection) => projection.inputSize === inputSize)
  if (found !== undefined) return found
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
  return projection
}

/** The projection is fitted on pool images only, so that the test split stays unseen. */
function poolIds(session: Session): ImageId[] {
  return session.images.filter(({ split }) => split === 'pool').map(({ id }) => id)
}

async function loadStored(
  session: Session,
  imageIds: readonly ImageId[],
  projection: Projection,
  activity: Activity,
): Promise<ImageId[]> {
  const absent: ImageId[] = []
  if (imageIds.length > 0) activity.enter('Reading cached features', imageIds.length)
  for (let start = 0; start < imageIds.length; start += chunkSize) {
    activity.signal.throwIfAborted()
    const chunk = imageIds.slice(start, start + chunkSize)
    const stored = (await session.services.storage.getFeatures(chunk)) as (FeatureMap | undefined)[]
    const usable = stored.filter((features) => features?.projectionId === projection.id)
    const features = usable.filter((item) => item !== undefined)
    const found = new Set(features.map(({ imageId }) => imageId))
    absent.push(...chunk.filter((id) => !found.has(id)))
    if (features.length > 0) await session.engine.call('loadFeatures', { features })
    activity.advance(Math.min(imageIds.length, start + chunkSize), imageIds.length)
  }
  return absent
}

async function embed(
  session: Session,
  imageIds: readonly ImageId[],
  projection: Projection,
  activity: Activity,
): Promise<Set<ImageId>> {
  const { storage, now } = session.services
  const failed = new Set<ImageId>()
  if (imageIds.length > 0) activity.enter('Embedding images', imageIds.length)
  const startedAt = now()
  let done = 0
  const leaveOut = (imageId: ImageId, reason: string): void => {
    failed.add(imageId)
    const name = session.image(imageId)?.name ?? 'An image'
    session.notices.add('warning', `${name} is left out: ${reason}`)
  }
  for (let start = 0; start < imageIds.length; start += chunkSize) {
    activity.signal.throwIfAborted()
    const chunk = imageIds.slice(start, start + chunkSize)
    const images = await readImages(session, chunk)
    const read = new Set(images.map(({ imageId }) => imageId))
    for (const imageId of chunk) {
      if (read.has(imageId)) continue
      done++
      leaveOut(imageId, 'its file is no longer stored.')
    }
    const writes: Promise<void>[] = []
    await session.engine.call(
      'embed',
      { images, projection },
      {
        signal: activity.signal,
        onEvent: (event) => {
          done++
          if (event.kind === 'failed') {
            leaveOut(event.imageId, event.message)
          } else {
            // A cache that is full must not stop the work: features are recomputed when they are needed again.
            writes.push(
              storage
                .putFeatures(session.project.id, event.features.imageId, event.features)
                .catch(() => undefined),
            )
          }
          const perImage = (now() - startedAt) / 1000 / done
          activity.advance(done, imageIds.length, perImage * (imageIds.length - done))
        },
      },
    )
    await Promise.all(writes)
  }
  return failed
}

async function readImages(session: Session, imageIds: readonly ImageId[]): Promise<EmbedImage[]> {
  const images = await Promise.all(
    imageIds.map(async (imageId) => ({ imageId, blob: await session.imageBlob(imageId) })),
  )
  return images.flatMap(({ imageId, blob }) => (blob === undefined ? [] : [{ imageId, blob }]))
}
