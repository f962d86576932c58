/** Records and databases for the storage tests. */
import { deleteDB } from 'idb'
import { afterEach } from 'vitest'
import type {
  Annotation,
  AnnotationId,
  Category,
  CategoryId,
  ImageId,
  ImageLabel,
  ImageRecord,
  OracleRecord,
  Project,
  ProjectId,
} from '../../../src/core/dataset/types'
import type { ImageDetections } from '../../../src/core/detection/types'
import type { CellId, NoteCell } from '../../../src/core/notebook/types'
import { openDatabase, type Connection } from '../../../src/storage/database/database'
import { MIGRATIONS } from '../../../src/storage/database/migrations'
import { openStorage, type StorageOptions } from '../../../src/storage/open'
import type { StoreName } from '../../../src/storage/database/schema'
import type { MarginStorage, NewImage } from '../../../src/storage/database/types'

const opened: { close(): void }[] = []
const names: string[] = []
let count = 0

/** A database name of its own for each test; deleted afterwards. */
export function newDatabaseName(): string {
  const name = `storage-test-${++count}`
  names.push(name)
  return name
}

export async function open(name: string, options?: StorageOptions): Promise<MarginStorage> {
  const storage = await openStorage(name, options)
  opened.push(storage)
  return storage
}

export async function connect(name: string): Promise<Connection> {
  const connection = await openDatabase(name, MIGRATIONS, 2000)
  opened.push(connection)
  return connection
}

afterEach(async () => {
  for (const storage of opened.splice(0)) storage.close()
  for (const name of names.splice(0)) await deleteDB(name)
})

/** Every record of every store. */
export async function dump(name: string): Promise<Map<StoreName, unknown[]>> {
  const connection = await connect(name)
  const { db } = connection
  const rows = new Map<StoreName, unknown[]>()
  for (const store of db.objectStoreNames) rows.set(store, await db.getAll(store))
  connection.close()
  return rows
}

export const projectId = (id: string) => id as ProjectId
export const imageId = (id: string) => id as ImageId
export const categoryId = (id: string) => id as CategoryId
export const annotationId = (id: string) => id as AnnotationId
export const cellId = (id: string) => id as CellId

export function project(id: string, changes: Partial<Project> = {}): Project {
  return {
    id: projectId(id),
    name: `Project ${id}`,
    createdAt: 1000,
    updatedAt: 1000,
    seed: 1,
    testFraction: 0.2,
    kind: 'user',
    hasOracle: false,
    ...changes,
  }
}

export function category(owner: string, id: string, order: number): Category {
  return {
    id: categoryId(id),
    projectId: projectId(owner),
    name: id,
    color: '#336699',
    key: '',
    order,
  }
}

export function imageRecord(
  owner: string,
  id: string,
  changes: Partial<ImageRecord> = {},
): ImageRecord {
  return {
    id: imageId(id),
    projectId: projectId(owner),
    name: `${id}.jpg`,
    sha256: `hash-${id}`,
    mimeType: 'image/jpeg',
    byteSize: 4,
    width: 640,
    height: 480,
    split: 'pool',
    importedAt: 2000,
    order: 0,
    ...changes,
  }
}

export function newImage(
  owner: string,
  id: string,
  changes: Partial<Omit<NewImage, 'record'>> & { readonly record?: Partial<ImageRecord> } = {},
): NewImage {
  return {
    blob: new Blob([`bytes of ${id}`], { type: 'image/jpeg' }),
    thumbnail: new Blob([`thumbnail of ${id}`], { type: 'image/webp' }),
    annotations: [],
    label: undefined,
    oracle: undefined,
    ...changes,
    record: imageRecord(owner, id, changes.record),
  }
}

export function annotation(owner: string, image: string, id: string, category = 'cow'): Annotation {
  return {
    id: annotationId(id),
    projectId: projectId(owner),
    imageId: imageId(image),
    categoryId: categoryId(category),
    box: { x: 10.5, y: 20, width: 30, height: 40.25 },
    origin: 'drawn',
    crowd: false,
  }
}

export function label(owner: string, image: string, changes: Partial<ImageLabel> = {}): ImageLabel {
  return {
    imageId: imageId(image),
    projectId: projectId(owner),
    status: 'done',
    revision: 1,
    seconds: 12.5,
    secondsSource: 'measured',
    updatedAt: 3000,
    ...changes,
  }
}

export function oracle(owner: string, image: string): OracleRecord {
  const box = { x: 1, y: 2, width: 3, height: 4 }
  return {
    imageId: imageId(image),
    projectId: projectId(owner),
    boxes: [{ categoryId: categoryId('cow'), box, crowd: false }],
  }
}

export function note(owner: string, id: string, position: number, markdown = '# Note'): NoteCell {
  return { kind: 'note', id: cellId(id), projectId: projectId(owner), position, markdown }
}

export function detections(image: string): ImageDetections {
  const detection = {
    box: { x: 5, y: 6, width: 7, height: 8 },
    categoryId: categoryId('cow'),
    score: 0.75,
    classProbabilities: [0.75],
    memberScores: [0.7, 0.8],
  }
  return { imageId: imageId(image), detections: [detection] }
}

/** Fills every store with records of the project. */
export async function fillProject(storage: MarginStorage, id: string): Promise<void> {
  const owner = projectId(id)
  const image = (n: number) => `${id}-image-${n}`
  await storage.putProject(project(id))
  await storage.putCategories([category(id, `${id}-cow`, 0), category(id, `${id}-calf`, 1)])
  for (let n = 0; n < 3; n++) {
    await storage.putImage(
      newImage(id, image(n), {
        record: { order: n },
        annotations: [annotation(id, image(n), `${id}-box-${n}`, `${id}-cow`)],
        label: label(id, image(n)),
        oracle: oracle(id, image(n)),
      }),
    )
    await storage.putFeatures(owner, imageId(image(n)), {
      codes: new Int8Array([1, -2, 3]),
      scale: 0.5,
    })
  }
  await storage.putCells([note(id, `${id}-note`, 1)])
  await storage.putHead(owner, cellId(`${id}-round`), { weights: new Float32Array([0.25, -1]) })
  await storage.putCheckpoint(owner, cellId(`${id}-round`), 1, { step: 3 })
  await storage.putPredictions(owner, cellId(`${id}-round`), [
    detections(image(0)),
    detections(image(1)),
  ])
  await storage.putProjection(owner, { matrix: new Float32Array([1, 2]), id: 'p' })
  await storage.putUiState({
    projectId: owner,
    openImageId: imageId(image(1)),
    queue: [imageId(image(1)), imageId(image(2))],
    scrollTop: 120,
  })
  await storage.putLastProject(owner)
}
