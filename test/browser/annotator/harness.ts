/** A real session on a real database, with the annotator mounted over it. */
import { EngineStatus } from '../../../src/app/state/engine-status.svelte'
import { Notices } from '../../../src/app/state/notices.svelte'
import { ProjectSession } from '../../../src/app/project-session.svelte'
import type { Services } from '../../../src/app/state/services'
import type { ImageId, ImageRecord, ProjectId } from '../../../src/core/dataset/types'
import type { Box } from '../../../src/core/geometry/box'
import type { CellId, RoundCell } from '../../../src/core/notebook/types'

export const projectId = 'project' as ProjectId

/** An image to put into the project. */
export interface GivenImage {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly blob: Blob
  readonly split?: ImageRecord['split']
}

export function openSession(services: Services): Promise<ProjectSession> {
  return ProjectSession.open(projectId, services, new EngineStatus(services), new Notices())
}

/** Writes a project with these images and classes, and opens it. */
export async function createSession(
  services: Services,
  images: readonly GivenImage[],
  categories: readonly string[],
): Promise<ProjectSession> {
  const { storage } = services
  await storage.putProject({
    id: projectId,
    name: 'Project',
    createdAt: 0,
    updatedAt: 0,
    seed: 1,
    testFraction: 0.2,
    kind: 'user',
    hasOracle: false,
  })
  for (const [order, { id, width, height, blob, split }] of images.entries()) {
    await storage.putImage({
      record: {
        id: id as ImageId,
        projectId,
        name: `${id}.png`,
        sha256: id.padEnd(64, '0'),
        mimeType: blob.type,
        byteSize: blob.size,
        width,
        height,
        split: split ?? 'pool',
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
  const session = await openSession(services)
  for (const name of categories) await session.labels.addCategory(name)
  return session
}

/** Gives the session's model these detections on an image; `category` is a position in the classes. */
export function propose(
  session: ProjectSession,
  imageId: ImageId,
  list: readonly { readonly box: Box; readonly category: number; readonly score: number }[],
): void {
  const detections = list.map(({ box, category, score }) => {
    const categoryId = session.categories[category]?.id
    if (categoryId === undefined) throw new Error(`There is no class ${category}.`)
    return { box, categoryId, score, classProbabilities: [score], memberScores: [score] }
  })
  session.detections = new Map([...session.detections, [imageId, { imageId, detections }]])
}

/** Adds a round that asks for these images, each with its reason. */
export async function addRound(session: ProjectSession, reasons: Record<string, string>) {
  const round: RoundCell = {
    kind: 'round',
    id: 'round' as CellId,
    projectId,
    position: 10,
    index: 0,
    settings: { strategyId: 'entropy', parameters: {}, batchSize: 10, seed: 1 },
    picks: Object.entries(reasons).map(([id, reason]) => ({
      imageId: id as ImageId,
      score: 1,
      reason,
    })),
    output: undefined,
  }
  await session.notebook.put(round)
}

/** A plain picture with a grid, as PNG. */
export async function picture(width: number, height: number, color = '#7a8c99'): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser has no 2D canvas.')
  context.fillStyle = color
  context.fillRect(0, 0, width, height)
  return canvas.convertToBlob({ type: 'image/png' })
}
