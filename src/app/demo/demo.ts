import type { CategoryId, ImageId, ImageRecord, OracleRecord } from '../../core/dataset/types'
import { categoryKey } from '../../core/dataset/palette'
import { drawTestSplit } from '../../core/dataset/split'
import { defaultRoundSettings } from '../../core/notebook/default-settings'
import { seededRandom } from '../../core/random/seeded'
import { shelfCategories } from '../../synth'
import { createSynthClient } from '../../synth/client'
import { Activity } from '../state/activity.svelte'
import { labelsFromBoxes } from '../import/labels'
import { newImage } from '../import/new-image'
import { playRounds } from './play-rounds'
import type { Session } from '../state/session'

const demoImages = 400
const demoRounds = 6
/** So many new shelves are shown at once while they are drawn. */
const shownAtOnce = 20

/** Draws the shelves that are still missing, then plays rounds. Safe to call again after a reload. */
export async function runDemo(session: Session): Promise<void> {
  if (session.images.length < demoImages) await drawShelves(session)
  await playRounds(session, demoRounds, { ...defaultRoundSettings, seed: session.project.seed })
}

async function drawShelves(session: Session): Promise<void> {
  const activity = new Activity('demo', `Drawing ${demoImages} supermarket shelves`)
  await session.during(activity, async () => {
    const synth = createSynthClient()
    try {
      await drawMissing(session, await ensureCategories(session), synth, activity)
    } finally {
      synth.close()
      await session.reload()
    }
  })
}

async function drawMissing(
  session: Session,
  categories: readonly CategoryId[],
  synth: ReturnType<typeof createSynthClient>,
  activity: Activity,
): Promise<void> {
  const { project, services } = session
  const names = Array.from({ length: demoImages }, (_, index) => shelfName(index))
  const random = seededRandom(project.seed).fork('test split')
  const testNames = drawTestSplit(names, project.testFraction, random)
  const present = new Set(session.images.map(({ name }) => name))
  const startedAt = services.now()
  let drawn = 0
  activity.enter('Drawing shelves', demoImages)
  for (const [index, name] of names.entries()) {
    activity.signal.throwIfAborted()
    if (present.has(name)) continue
    const { blob, objects } = await synth.call(
      'shelf',
      { seed: project.seed, index },
      { signal: activity.signal },
    )
    const boxes = objects.map(({ category, box }) => ({
      categoryId: categories[category],
      box,
      crowd: false,
    }))
    const split = testNames.has(name) ? 'test' : 'pool'
    await storeShelf(session, blob, { name, split, order: index }, boxes, activity.signal)
    drawn++
    const done = index + 1
    if (done % shownAtOnce === 0) await session.reload()
    const perShelf = (services.now() - startedAt) / 1000 / drawn
    activity.advance(done, demoImages, perShelf * (demoImages - done))
  }
}

/** The oracle knows every shelf; of the test split, which is never queried, its answer is the label at once. */
async function storeShelf(
  { project, services }: Session,
  blob: Blob,
  placing: Pick<ImageRecord, 'name' | 'split' | 'order'>,
  boxes: OracleRecord['boxes'],
  signal: AbortSignal,
): Promise<void> {
  const file = { file: blob, name: placing.name }
  const ingested = await services.media.call('ingest', file, { signal })
  const imageId = services.newId<ImageId>()
  const labels =
    placing.split === 'test'
      ? labelsFromBoxes(services, project.id, imageId, boxes, 'oracle')
      : undefined
  await services.storage.putImage({
    ...newImage(services, project, imageId, ingested, blob, placing),
    annotations: labels?.annotations ?? [],
    label: labels?.label,
    oracle: { imageId, projectId: project.id, boxes },
  })
}

/** The project's category of each product, by name: the user may have changed the list since a first part was drawn. */
async function ensureCategories(session: Session): Promise<readonly CategoryId[]> {
  if (session.categories.length === 0) {
    const categories = shelfCategories.map(({ name, color }, order) => ({
      id: session.services.newId<CategoryId>(),
      projectId: session.project.id,
      name,
      color,
      key: categoryKey(order),
      order,
    }))
    await session.services.storage.putCategories(categories)
    await session.labels.load()
  }
  return session.labels.addCategories(shelfCategories.map(({ name }) => name))
}

function shelfName(index: number): string {
  return `shelf-${String(index + 1).padStart(3, '0')}.jpg`
}
