/** The features of images on their way into the engine: still there, from the cache, or embedded now. */
import type { ImageId } from '../../core/dataset/types'
import type { EmbedImage } from '../../engine/backbone/protocol'
import type { FeatureMap, Projection } from '../../engine/features/protocol'
import { QuotaError } from '../../storage/database/errors'
import type { Activity } from '../state/activity.svelte'
import { readImages } from './image-files'
import { ensureProjection } from './projection'
import type { Session } from '../state/session'

/** Images read from storage and sent to the worker at a time: bounds memory, lets cancel and progress through. */
const chunkSize = 16

/** What is wanted of each image. */
interface Wanted {
  readonly projection: Projection
  /** Features of so many views beside its own. */
  readonly views: number
}

/** Images of which the same is wanted. */
export interface FeatureGroup {
  readonly imageIds: readonly ImageId[]
  /** To learn from beside each image itself. */
  readonly views: number
}

/** Images that were left out, and why. */
type Failures = Map<ImageId, string>

/**
 * Has the engine hold the features of all of these images at once, whatever memory that takes: a training draws from
 * all of them in every step, and fetching them a few at a time would cost more than the step.
 * @param views of each image to learn from beside it
 * @returns the ids that have no features because their file can no longer be decoded.
 */
export function ensureFeatures(
  session: Session,
  imageIds: readonly ImageId[],
  inputSize: number,
  views: number,
  activity: Activity,
): Promise<Set<ImageId>> {
  return ensureFeatureGroups(session, [{ imageIds, views }], inputSize, activity)
}

/** As `ensureFeatures`, for images of which not the same is wanted. */
export async function ensureFeatureGroups(
  session: Session,
  groups: readonly FeatureGroup[],
  inputSize: number,
  activity: Activity,
): Promise<Set<ImageId>> {
  const projection = await ensureProjection(session, inputSize, activity)
  const all = groups.flatMap(({ imageIds }) => imageIds)
  const failures: Failures = new Map()
  for (const { imageIds, views } of groups) {
    const wanted = { projection, views }
    const missing = new Set(await holdFeatures(session, all, wanted, activity))
    const own = imageIds.filter((id) => missing.has(id))
    await fillGroup(session, own, wanted, activity, failures)
  }
  reportLeftOut(session, failures)
  return new Set(failures.keys())
}

/** Gives the engine features of images that it holds and lacks; those that cannot be read are added to `failures`. */
async function fillGroup(
  session: Session,
  missing: readonly ImageId[],
  wanted: Wanted,
  activity: Activity,
  failures: Failures,
): Promise<void> {
  const { projection } = wanted
  const { cached, others } = await sortByCache(session, missing, projection)
  if (cached.length > 0) activity.enter('Reading cached features', cached.length)
  const absent = [...others]
  let read = 0
  for (const chunk of chunksOf(cached)) {
    absent.push(...(await loadStored(session, chunk, wanted, activity)))
    read += chunk.length
    activity.advance(read, cached.length)
  }
  if (absent.length > 0)
    activity.enter(`Embedding images${await cacheRemark(session, projection)}`, absent.length)
  const meter = new Meter(session, activity, 0, absent.length)
  for (const chunk of chunksOf(absent))
    await embed(session, chunk, wanted, activity, failures, () => meter.advance())
}

/**
 * Goes through images a few at a time, so that neither the worker's memory nor the cache need hold all of them: those
 * that have features first, for embedding one image may evict another's.
 * @param phase what `use` does, for the user
 * @param use is given images whose features the engine holds until it settles; it reports each that it is done with
 * @returns the ids that have no features because their file can no longer be decoded.
 */
export async function forEachPart(
  session: Session,
  imageIds: readonly ImageId[],
  projection: Projection,
  phase: string,
  activity: Activity,
  use: (part: readonly ImageId[], onImage: () => void) => Promise<void>,
): Promise<Set<ImageId>> {
  const missing = new Set(
    await session.engine.call(
      'missingFeatures',
      { imageIds, projectionId: projection.id },
      { signal: activity.signal },
    ),
  )
  const present = imageIds.filter((id) => !missing.has(id))
  const { cached, others } = await sortByCache(session, [...missing], projection)
  const failures: Failures = new Map()
  const total = imageIds.length
  let meter = new Meter(session, activity, 0, total, others.length === 0)
  let isEmbedding = false
  activity.enter(phase, total)
  let before = 0
  for (const part of chunksOf([...present, ...cached, ...others])) {
    const wanted = { projection, views: 0 }
    const unheld = await holdFeatures(session, part, wanted, activity)
    const absent = await loadStored(session, unheld, wanted, activity)
    if (absent.length > 0 && !isEmbedding) {
      isEmbedding = true
      activity.enter(`${phase}: embedding images${await cacheRemark(session, projection)}`, total)
      meter = new Meter(session, activity, before, total)
    }
    await embed(session, absent, wanted, activity, failures, () => meter.advance())
    const usable = part.filter((id) => !failures.has(id))
    // What had to be embedded was counted then; using it takes next to no time.
    const counted = before + absent.length
    let used = before
    await use(usable, () => {
      if (++used > counted) meter.advance()
    })
    before += part.length
    meter.advanceTo(before)
  }
  reportLeftOut(session, failures)
  return new Set(failures.keys())
}

/** Counts images of one kind of work and says how long the rest will take at their rate. */
class Meter {
  readonly #session: Session
  readonly #activity: Activity
  readonly #first: number
  readonly #total: number
  readonly #isSteady: boolean
  readonly #startedAt: number
  #done: number

  /** @param isSteady false when images that are still to come take longer than these */
  constructor(session: Session, activity: Activity, first: number, total: number, isSteady = true) {
    this.#session = session
    this.#activity = activity
    this.#first = first
    this.#total = total
    this.#isSteady = isSteady
    this.#startedAt = session.services.now()
    this.#done = first
  }

  advance(): void {
    this.advanceTo(this.#done + 1)
  }

  advanceTo(done: number): void {
    this.#done = done
    const seconds = (this.#session.services.now() - this.#startedAt) / 1000
    const perImage = seconds / Math.max(1, done - this.#first)
    const left = this.#isSteady ? perImage * (this.#total - done) : undefined
    this.#activity.advance(done, this.#total, left)
  }
}

function chunksOf(imageIds: readonly ImageId[]): ImageId[][] {
  return Array.from({ length: Math.ceil(imageIds.length / chunkSize) }, (_, index) =>
    imageIds.slice(index * chunkSize, (index + 1) * chunkSize),
  )
}

/** Makes room for these images in the worker. @returns those it has no features of */
function holdFeatures(
  session: Session,
  imageIds: readonly ImageId[],
  { projection, views }: Wanted,
  { signal }: Activity,
): Promise<ImageId[]> {
  const params = { imageIds, projectionId: projection.id, views }
  return session.engine.call('holdFeatures', params, { signal })
}

/**
 * Features of a network that a round trained are made once, for that round's detections, and the next round trains
 * another: in the cache they would only drive out those that every training needs.
 */
function suitsCache({ network }: Projection): boolean {
  return network === undefined
}

async function sortByCache(
  { project, services }: Session,
  imageIds: readonly ImageId[],
  projection: Projection,
): Promise<{ readonly cached: readonly ImageId[]; readonly others: readonly ImageId[] }> {
  if (imageIds.length === 0 || !suitsCache(projection)) return { cached: [], others: imageIds }
  const inCache = await services.storage.listCachedImages(project.id)
  return {
    cached: imageIds.filter((id) => inCache.has(id)),
    others: imageIds.filter((id) => !inCache.has(id)),
  }
}

/** Why images are embedded that may have been before, where the cache's size is the reason; empty where it is not. */
async function cacheRemark({ services, images }: Session, projection: Projection): Promise<string> {
  if (!suitsCache(projection)) return ''
  const usage = await services.storage.featureUsage()
  if (usage.budgetBytes === 0) return ' (the feature cache is off)'
  const perImage = usage.images === 0 ? 0 : usage.bytes / usage.images
  return images.length * perImage > usage.budgetBytes
    ? ' (the feature cache cannot hold all of them)'
    : ''
}

/** Puts cached features back into the engine. @returns the images that have none, or not all that is wanted */
async function loadStored(
  session: Session,
  imageIds: readonly ImageId[],
  { projection, views: wantedViews }: Wanted,
  { signal }: Activity,
): Promise<ImageId[]> {
  signal.throwIfAborted()
  if (imageIds.length === 0 || !suitsCache(projection)) return [...imageIds]
  const stored = (await session.services.storage.getFeatures(imageIds)) as (
    FeatureMap | undefined
  )[]
  const features = stored
    .filter((item) => item !== undefined)
    .filter(
      ({ projectionId, views = [] }) =>
        projectionId === projection.id && views.length >= wantedViews,
    )
  if (features.length > 0) await session.engine.call('loadFeatures', { features }, { signal })
  const found = new Set(features.map(({ imageId }) => imageId))
  return imageIds.filter((id) => !found.has(id))
}

/** Embeds a few images; those that cannot be read are added to `failures`. */
async function embed(
  session: Session,
  imageIds: readonly ImageId[],
  wanted: Wanted,
  { signal }: Activity,
  failures: Failures,
  onImage: () => void,
): Promise<void> {
  signal.throwIfAborted()
  if (imageIds.length === 0) return
  const images = await readImages(session, imageIds)
  const read = new Set(images.map(({ imageId }) => imageId))
  for (const imageId of imageIds) {
    if (read.has(imageId)) continue
    failures.set(imageId, 'its file is no longer stored. Import it again.')
    onImage()
  }
  await embedFiles(session, images, wanted, signal, (imageId, problem) => {
    if (problem !== undefined) failures.set(imageId, problem)
    onImage()
  })
}

/** Embeds images in the engine and caches their features; nothing is written any more once it settles. */
async function embedFiles(
  session: Session,
  images: readonly EmbedImage[],
  { projection, views }: Wanted,
  signal: AbortSignal,
  onImage: (imageId: ImageId, problem: string | undefined) => void,
): Promise<void> {
  const { engine, project, services } = session
  const writes: Promise<void>[] = []
  try {
    await engine.call(
      'embed',
      { images, projection, views },
      {
        signal,
        onEvent: (event) => {
          if (event.kind === 'failed') {
            onImage(event.imageId, event.message)
            return
          }
          const { features } = event
          if (suitsCache(projection)) {
            const write = services.storage.putFeatures(project.id, features.imageId, features)
            // A cache that cannot be written to must not stop the work: features are computed again when needed.
            writes.push(write.catch((error: unknown) => reportFullDisk(session, error)))
          }
          onImage(features.imageId, undefined)
        },
      },
    )
  } finally {
    await Promise.all(writes)
  }
}

const fullDisk =
  'The browser has no room left to cache features. Images are embedded again whenever they are needed, which takes ' +
  'longer; no label is lost. Free disk space, or set a smaller feature cache in the storage panel at the top.'

function reportFullDisk({ notices }: Session, error: unknown): void {
  const isTold = notices.items.some(({ text }) => text === fullDisk)
  if (error instanceof QuotaError && !isTold) notices.add('warning', fullDisk)
}

/** One message for all: a folder that went missing may cost a thousand images. */
function reportLeftOut(session: Session, failures: Failures): void {
  const [first] = failures
  if (first === undefined) return
  const [imageId, problem] = first
  const name = session.image(imageId)?.name ?? 'An image'
  const rest = failures.size - 1
  const who =
    rest === 0 ? `${name} is` : `${name} and ${rest} more image${rest === 1 ? '' : 's'} are`
  session.notices.add('warning', `${who} left out: ${problem}`)
}
