/** Real projects for the tests of `src/app`: a database of their own, real workers, drawn shelves as images. */
import { deleteDB } from 'idb'
import { createIdSource } from '../../../src/app/state/new-id'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { BoxesAs } from '../../../src/app/state/import-report'
import type { Services } from '../../../src/app/state/services'
import { Workspace } from '../../../src/app/workspace.svelte'
import type {
  Annotation,
  AnnotationId,
  Brand,
  CategoryId,
  ImageId,
} from '../../../src/core/dataset/types'
import type { Box } from '../../../src/core/geometry/box'
import type { ModelSettings, RoundSettings } from '../../../src/core/notebook/types'
import { createEngineClient } from '../../../src/engine/client'
import { createMediaClient } from '../../../src/media/client'
import { openStorage } from '../../../src/storage/open'
import { renderShelf, shelfCategories, shelfScene } from '../../../src/synth'

/** Small enough to train in a second or two without a GPU. */
export const tinyModel: ModelSettings = {
  inputSize: 128,
  committee: 2,
  steps: 20,
  hidden: 16,
  learningRate: 0.01,
  start: 'scratch',
  depth: 'head',
  views: 0,
}

export const entropyOf = (batchSize: number, seed = 1): RoundSettings => ({
  strategyId: 'entropy',
  parameters: {},
  batchSize,
  seed,
})

// One engine and one media worker for all tests of a file: starting them takes longer than most tests.
const engine = createEngineClient()
const media = createMediaClient()
const newId = createIdSource(
  () => Date.now(),
  (bytes) => crypto.getRandomValues(bytes),
)
const opened: (() => Promise<void>)[] = []
const names = new Set<string>()

export interface OpenApp {
  readonly workspace: Workspace
  readonly services: Services
  /** Of the database; give it to `openApp` again to open a second tab or to come back. */
  readonly database: string
}

/** The app on a database of its own, as a tab has it; call `closeApps` after each test. */
export async function openApp(
  database = `app-test-${newId()}`,
  changes: Partial<Services> = {},
): Promise<OpenApp> {
  // Measuring the backends is the engine's own test's business.
  localStorage.setItem('margin.backend', 'wasm')
  names.add(database)
  const storage = await openStorage(database)
  const services: Services = {
    storage,
    engine,
    media,
    now: () => Date.now(),
    newId: <T extends Brand<string, string>>() => newId() as T,
    ...changes,
  }
  const workspace = new Workspace(services)
  opened.push(async () => {
    // A test may have closed the storage itself; then there is nothing to keep.
    await workspace.closeProject().catch(() => undefined)
    storage.close()
  })
  return { workspace, services, database }
}

/** Closes every tab of the test and deletes the databases. */
export async function closeApps(): Promise<void> {
  for (const close of opened.splice(0)) await close()
  for (const name of names) await deleteDB(name)
  names.clear()
  localStorage.removeItem('margin.backend')
}

export function closeWorkers(): void {
  engine.close()
  media.close()
}

/** A project in a fresh database. */
export async function openProject(
  changes: Partial<Services> = {},
): Promise<OpenApp & { readonly session: ProjectSession }> {
  const app = await openApp(undefined, changes)
  return { ...app, session: await app.workspace.createProject('Shelf') }
}

/** Imports files as a drop or a picker gives them. */
export async function importFiles(
  session: ProjectSession,
  files: readonly File[],
  boxesAs: BoxesAs = 'labels',
): Promise<void> {
  await session.runImport(await session.scanImport(files), boxesAs)
}

/** A small PNG; every `shade` gives another file. */
export async function imageFile(name: string, shade: number, width = 64, height = 48) {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser has no 2D canvas.')
  context.fillStyle = `rgb(${shade} 90 120)`
  context.fillRect(0, 0, width, height)
  return new File([await canvas.convertToBlob({ type: 'image/png' })], name, { type: 'image/png' })
}

export function imageFiles(count: number, prefix = 'image'): Promise<File[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => imageFile(`${prefix}-${index}.png`, index)),
  )
}

export interface CocoBoxes {
  readonly fileName: string
  readonly width: number
  readonly height: number
  readonly boxes: readonly { readonly category: number; readonly box: Box }[]
}

/** A COCO file; `category` is a position in `categories`. */
export function cocoFile(categories: readonly string[], images: readonly CocoBoxes[]): File {
  let id = 0
  return jsonFile('instances.json', {
    categories: categories.map((name, index) => ({ id: index + 1, name })),
    images: images.map(({ fileName, width, height }, index) => ({
      id: index + 1,
      file_name: fileName,
      width,
      height,
    })),
    annotations: images.flatMap(({ boxes }, index) =>
      boxes.map(({ category, box }) => ({
        id: ++id,
        image_id: index + 1,
        category_id: category + 1,
        bbox: [box.x, box.y, box.width, box.height],
        area: box.width * box.height,
        iscrowd: 0,
      })),
    ),
  })
}

export function jsonFile(name: string, content: unknown): File {
  return new File([JSON.stringify(content)], name, { type: 'application/json' })
}

let shelves: Promise<{ readonly files: File[]; readonly listed: CocoBoxes[] }> | undefined

/** Drawn shelves with their exact boxes, the same in every test. */
function drawShelves(): Promise<{ readonly files: File[]; readonly listed: CocoBoxes[] }> {
  shelves ??= (async () => {
    const files: File[] = []
    const listed: CocoBoxes[] = []
    for (let index = 0; index < 16; index++) {
      const scene = shelfScene(3, index)
      const fileName = `shelf-${index}.jpg`
      files.push(new File([await renderShelf(scene)], fileName, { type: 'image/jpeg' }))
      const boxes = scene.objects.map(({ category, box }) => ({ category, box }))
      listed.push({ fileName, width: scene.width, height: scene.height, boxes })
    }
    return { files, listed }
  })()
  return shelves
}

/** Sixteen shelves and a COCO file of their boxes. */
export async function shelfImport(): Promise<File[]> {
  const { files, listed } = await drawShelves()
  const names = shelfCategories.map(({ name }) => name)
  return [...files, cocoFile(names, listed)]
}

/** A project of sixteen shelves whose boxes the oracle knows, with the tiny model. */
export async function openShelfProject(
  boxesAs: BoxesAs = 'oracle',
  changes: Partial<Services> = {},
): Promise<OpenApp & { readonly session: ProjectSession }> {
  const app = await openProject(changes)
  await importFiles(app.session, await shelfImport(), boxesAs)
  await useModel(app.session, tinyModel)
  return app
}

/** A seed round, labelled by the oracle and trained. */
export async function playSeedRound(
  session: ProjectSession,
  settings = entropyOf(4),
): Promise<void> {
  const { id } = await session.startSeedRound(settings)
  await session.answerFromOracle(id)
  await session.trainRound(id)
}

/** A seed round and one that the model asked for, both labelled by the oracle and trained. */
export async function playTwoRounds(session: ProjectSession): Promise<void> {
  await playSeedRound(session)
  const { id } = await session.queryNextRound(entropyOf(3))
  await session.answerFromOracle(id)
  await session.trainRound(id)
}

export async function useModel(session: ProjectSession, settings: ModelSettings): Promise<void> {
  const cell = session.notebook.cells.find((candidate) => candidate.kind === 'model')
  if (cell === undefined) throw new Error('The notebook has no model cell.')
  await session.notebook.put({ ...cell, settings })
}

/** Resolves once `condition` holds, looking after every task of the page. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve))
}

/** The picked images' file names: ids differ from project to project. */
export function pickedNames(session: ProjectSession, round: number): (string | undefined)[] {
  return (session.notebook.rounds[round]?.picks ?? []).map(
    ({ imageId }) => session.image(imageId)?.name,
  )
}

export function imageNamed(session: ProjectSession, name: string): ImageId {
  const image = session.images.find((candidate) => candidate.name === name)
  if (image === undefined) throw new Error(`The project has no image ${name}.`)
  return image.id
}

/** A small box as the annotator makes one. */
export function drawnBox(
  services: Services,
  session: ProjectSession,
  imageId: ImageId,
  categoryId: CategoryId,
  left = 0,
): Annotation {
  return {
    id: services.newId<AnnotationId>(),
    projectId: session.project.id,
    imageId,
    categoryId,
    box: { x: left, y: 0, width: 8, height: 8 },
    origin: 'drawn',
    crowd: false,
  }
}
