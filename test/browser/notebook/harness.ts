/** A real workspace on a real database, with a project whose rounds are written by hand. */
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { Workspace } from '../../../src/app/workspace.svelte'
import type { AnnotationId, ImageId, Split } from '../../../src/core/dataset/types'
import { defaultModelSettings } from '../../../src/core/detection/model-settings'
import type { CellId, EstimateKind, RoundCell, RoundOutput } from '../../../src/core/notebook/types'
import Notebook from '../../../src/ui/notebook/Notebook.svelte'
import { makeWorkspace, show } from '../ui/harness'

/** A project in a workspace of its own; call `dispose` after each test. */
export interface OpenProject {
  readonly workspace: Workspace
  readonly session: ProjectSession
  /** Mounts its notebook, as wide as the page. */
  readonly showNotebook: () => HTMLElement
}

export async function openEmptyProject(): Promise<OpenProject> {
  const { workspace } = await makeWorkspace({ now: () => 1000 })
  const session = await workspace.createProject('Cows')
  return { workspace, session, showNotebook: () => show(Notebook, { workspace, session }, 'none') }
}

/** A project with `count` images called image-0.png, image-1.png and so on, and the class `Cow`. */
export async function openProject(count: number, split: Split = 'pool'): Promise<OpenProject> {
  const project = await openEmptyProject()
  const { session } = project
  const blob = await picture()
  for (let order = 0; order < count; order++) {
    await session.services.storage.putImage({
      record: {
        id: imageId(order),
        projectId: session.project.id,
        name: `image-${order}.png`,
        sha256: String(order).padStart(64, '0'),
        mimeType: 'image/png',
        byteSize: blob.size,
        width: 80,
        height: 60,
        split,
        importedAt: 0,
        order,
      },
      blob,
      thumbnail: blob,
      annotations: [],
      label: undefined,
      oracle: undefined,
    })
  }
  await session.reload()
  await session.labels.addCategory('Cow')
  return project
}

export function imageId(order: number): ImageId {
  return `image-${order}` as ImageId
}

/** Labels an image with one box of the first class. */
export function labelImage(session: ProjectSession, order: number): Promise<void> {
  return session.labels.commit(
    imageId(order),
    {
      added: [
        {
          id: `box-${order}-${crypto.randomUUID()}` as AnnotationId,
          projectId: session.project.id,
          imageId: imageId(order),
          categoryId: session.categories[0].id,
          box: { x: 5, y: 5, width: 20, height: 20 },
          origin: 'drawn',
          crowd: false,
        },
      ],
      updated: [],
      removed: [],
    },
    { status: 'done', addSeconds: 12 },
  )
}

/** A round that asked for these images; with `ap50` it has been trained and measured. */
export async function putRound(
  session: ProjectSession,
  index: number,
  orders: readonly number[],
  ap50?: number,
  estimate: EstimateKind = 'test-split',
): Promise<RoundCell> {
  const model = session.notebook.cells.find(({ kind }) => kind === 'model')
  const round: RoundCell = {
    kind: 'round',
    id: `round-${index}` as CellId,
    projectId: session.project.id,
    position: (model?.position ?? 0) + index + 1,
    index,
    settings: { strategyId: 'entropy', parameters: {}, batchSize: orders.length, seed: 1 },
    picks: orders.map((order) => ({
      imageId: imageId(order),
      score: 2.5,
      reason: `reason of ${order}`,
    })),
    output: ap50 === undefined ? undefined : output(session, ap50, estimate, (index + 1) * 10),
  }
  await session.notebook.put(round)
  return round
}

function output(
  session: ProjectSession,
  ap50: number,
  estimate: EstimateKind,
  labeledImages: number,
): RoundOutput {
  const none = { apSmall: undefined, apMedium: undefined, apLarge: undefined }
  const recall = { ar1: undefined, ar10: undefined, ar100: undefined }
  const recallBySize = { arSmall: undefined, arMedium: undefined, arLarge: undefined }
  const precision = { ap: ap50 / 2, ap50, ap75: undefined, ...none }
  const metrics = { ...precision, ...recall, ...recallBySize }
  return {
    losses: [
      { step: 1, loss: 4 },
      { step: 300, loss: 0.5 },
    ],
    trainSeconds: 12,
    backend: 'wasm',
    model: defaultModelSettings,
    weightsDigest: undefined,
    evaluation: {
      metrics,
      perCategory: [{ ...metrics, categoryId: session.categories[0].id, truthCount: 7 }],
      imageCount: 5,
      truthCount: 7,
    },
    estimate,
    labeledImages,
    labeledBoxes: labeledImages * 3,
    labelSeconds: labeledImages * 12,
    trainedOn: [],
    fingerprint: 'of another state',
    finishedAt: 500,
  }
}

async function picture(): Promise<Blob> {
  const canvas = new OffscreenCanvas(8, 6)
  canvas.getContext('2d')?.fillRect(0, 0, 4, 6)
  return canvas.convertToBlob()
}
