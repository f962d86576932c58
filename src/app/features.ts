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

/** What storage keeps of a project: one projection an input size. */
interface StoredProjections {
  readonly projections: readonly Projection[]
}

/** The projection for this input size, fitted once and kept: heads can only read features made with theirs. */
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

/** Puts stored features back into the engine. @returns the images that have none of this projection */
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

/** Embeds images chunk by chunk. @returns those that could not be read; the user has been told */
async function embed(
  session: Session,
  imageIds: readonly ImageId[],
  projection: Projection,
  activity: Activity,
): Promise<Set<ImageId>> {
  const { now } = session.services
  const failed = new Map<ImageId, string>()
  if (imageIds.length > 0) activity.enter('Embedding images', imageIds.length)
  const startedAt = now()
  let done = 0
  const advance = (): void => {
    done++
    const perImage = (now() - startedAt) / 1000 / done
    activity.advance(done, imageIds.length, perImage * (imageIds.length - done))
  }
  for (let start = 0; start < imageIds.length; start += chunkSize) {
    activity.signal.throwIfAborted()
    const chunk = imageIds.slice(start, start + chunkSize)
    const images = await readImages(session, chunk)
    const read = new Set(images.map(({ imageId }) => imageId))
    for (const imageId of chunk) {
      if (read.has(imageId)) continue
      failed.set(imageId, 'its file is no longer stored. Import it again.')
      advance()
    }
    await embedChunk(session, images, projection, activity.signal, (imageId, problem) => {
      if (problem !== undefined) failed.set(imageId, problem)
      advance()
    })
  }
  reportLeftOut(session, failed)
  return new Set(failed.keys())
}

/** Embeds images in the engine and caches their features; nothing is written any more once it settles. */
async function embedChunk(
  { engine, project, services }: Session,
  images: readonly EmbedImage[],
  projection: Projection,
  signal: AbortSignal,
  onImage: (imageId: ImageId, problem: string | undefined) => void,
): Promise<void> {
  const writes: Promise<void>[] = []
  try {
    await engine.call(
      'embed',
      { images, projection },
      {
        signal,
        onEvent: (event) => {
          if (event.kind === 'failed') {
            onImage(event.imageId, event.message)
            return
          }
          const { features } = event
          const write = services.storage.putFeatures(project.id, features.imageId, features)
          // A cache that is full must not stop the work: features are recomputed when they are needed again.
          writes.push(write.catch(() => undefined))
          onImage(features.imageId, undefined)
        },
      },
    )
  } finally {
    await Promise.all(writes)
  }
}

/** One message for all: a folder that went missing may cost a thousand images. */
function reportLeftOut(session: Session, failed: ReadonlyMap<ImageId, string>): void {
  const [first] = failed
  if (first === undefined) return
  const [imageId, problem] = first
  const name = session.image(imageId)?.name ?? 'An image'
  const rest = failed.size - 1
  const who =
    rest === 0 ? `${name} is` : `${name} and ${rest} more image${rest === 1 ? '' : 's'} are`
  session.notices.add('warning', `${who} left out: ${problem}`)
}

/** The files of these images; those that are no longer stored are missing. */
async function readImages(session: Session, imageIds: readonly ImageId[]): Promise<EmbedImage[]> {
  const images = await Promise.all(
    imageIds.map(async (imageId) => ({ imageId, blob: await session.imageBlob(imageId) })),
  )
  return images.flatMap(({ imageId, blob }) => (blob === undefined ? [] : [{ imageId, blob }]))
}
