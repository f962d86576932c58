import type { CategoryId, ImageId, OracleRecord } from '../core/dataset/types'
import { categoryKey } from '../core/dataset/palette'
import { drawTestSplit } from '../core/dataset/split'
import { defaultRoundSettings } from '../core/notebook/settings'
import { seededRandom } from '../core/random/seeded'
import { shelfCategories } from '../synth'
import { createSynthClient } from '../synth/client'
import { Activity } from './activity.svelte'
import { labelsFromBoxes } from './import-labels'
import { playRounds } from './play-rounds'
import type { Session } from './session'

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
  const { project, services } = session
  await session.during(
    new Activity('demo', 'Drawing 400 supermarket shelves'),
    async (activity) => {
      const categories = await ensureCategories(session)
      const random = seededRandom(project.seed)
      const names = Array.from({ length: demoImages }, (_, index) => shelfName(index))
      const testNames = drawTestSplit(names, project.testFraction, random.fork('test split'))
      const present = new Set(session.images.map(({ name }) => name))
      const synth = createSynthClient()
      const startedAt = services.now()
      activity.enter('Drawing shelves', demoImages)
      try {
        for (const [index, name] of names.entries()) {
          activity.signal.throwIfAborted()
          if (present.has(name)) continue
          const { blob, objects } = await synth.call(
            'shelf',
            { seed: project.seed, index },
            { signal: activity.signal },
          )
          const ingested = await services.media.call(
            'ingest',
            { file: blob, name },
            { signal: activity.signal },
          )
          const imageId = services.newId<ImageId>()
          const boxes = objects.map(({ category, box }) => ({
            categoryId: categories[category],
            box,
            crowd: false,
          }))
          const split = testNames.has(name) ? 'test' : 'pool'
          const oracle: OracleRecord = { imageId, projectId: project.id, boxes }
          const labels =
            split === 'test'
              ? labelsFromBoxes(services, project.id, imageId, boxes, 'oracle')
              : undefined
          const { orientation: _, thumbnail, ...facts } = ingested
          await services.storage.putImage({
            record: {
              ...facts,
              id: imageId,
              projectId: project.id,
              name,
              byteSize: blob.size,
              split,
              importedAt: services.now(),
              order: index,
            },
            blob,
            thumbnail,
            annotations: labels?.annotations ?? [],
            label: labels?.label,
            oracle,
          })
          const done = index + 1
          if (done % shownAtOnce === 0) await session.reload()
          activity.advance(
            done,
            demoImages,
            ((services.now() - startedAt) / 1000 / done) * (demoImages - done),
          )
        }
      } finally {
        synth.close()
        await session.reload()
      }
    },
  )
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
