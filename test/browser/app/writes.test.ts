import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import type { AnnotationDiff } from '../../../src/core/history/types'
import {
  closeApps,
  closeWorkers,
  drawnBox,
  imageFiles,
  importFiles,
  openApp,
  openProject,
} from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

const nothing: AnnotationDiff = { added: [], updated: [], removed: [] }

async function openWithImage() {
  const app = await openProject()
  await importFiles(app.session, await imageFiles(2))
  const category = await app.session.labels.addCategory('tin')
  const [{ id: imageId }, { id: otherId }] = app.session.images
  const draw = (left: number, id = imageId) =>
    drawnBox(app.services, app.session, id, category.id, left)
  return { ...app, imageId, otherId, category, draw }
}

describe('a write that fails', () => {
  it('takes back its change and tells', async () => {
    const { session, services, imageId, draw } = await openWithImage()
    const first = draw(0)
    await session.labels.commit(imageId, { ...nothing, added: [first] })
    const label = session.labels.label(imageId)
    services.storage.close()

    const moved = { ...first, box: { ...first.box, x: 20 } }
    const commit = session.labels.commit(
      imageId,
      { added: [draw(30)], updated: [{ from: first, to: moved }], removed: [] },
      { status: 'done', addSeconds: 9 },
    )
    // Shown at once, as unsaved.
    expect(session.labels.of(imageId)).toHaveLength(2)
    expect(session.labels.isDone(imageId)).toBe(true)
    expect(session.labels.pendingWrites).toBe(1)
    await expect(commit).rejects.toThrow(/Could not save the labels.*closed/)
    expect(session.labels.of(imageId)).toEqual([first])
    expect(session.labels.label(imageId)).toEqual(label)
    expect(session.labels.pendingWrites).toBe(0)
    await expect(session.labels.addCategory('can')).rejects.toThrow(/closed/)
    expect(session.categories).toHaveLength(1)
    // Closing the annotator now must not surface as an unhandled rejection.
    session.openImage(imageId)
    session.closeImage()
  })

  it('does not bring back what another failed write had added', async () => {
    const { session, services, imageId, otherId, draw } = await openWithImage()
    services.storage.close()
    const outcomes = await Promise.allSettled([
      session.labels.commit(imageId, { ...nothing, added: [draw(0)] }),
      session.labels.commit(imageId, { ...nothing, added: [draw(10)] }),
      session.labels.commit(otherId, { ...nothing, added: [draw(0, otherId)] }),
      session.labels.commit(imageId, { ...nothing, added: [draw(20)] }, { status: 'done' }),
    ])
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    for (const id of [imageId, otherId]) {
      expect(session.labels.of(id)).toEqual([])
      expect(session.labels.label(id)).toBeUndefined()
    }
  })

  it('leaves alone what was written after it', async () => {
    const { session, services, database, imageId, draw } = await openWithImage()
    const good = draw(10)
    // A value that cannot be stored: this write fails, the one after it does not.
    const bad = { ...draw(0), box: { x: 0, y: 0, width: 1, height: (() => 1) as never } }
    const outcomes = await Promise.allSettled([
      session.labels.commit(imageId, { ...nothing, added: [bad] }, { addSeconds: 2 }),
      session.labels.commit(imageId, { ...nothing, added: [good] }, { addSeconds: 3 }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(session.labels.of(imageId)).toEqual([good])
    const label = session.labels.label(imageId)
    const { storage } = (await openApp(database)).services
    expect(await storage.listAnnotations(session.project.id)).toEqual([good])
    expect(await storage.listLabels(session.project.id)).toEqual([label])
    expect(await services.storage.listLabels(session.project.id)).toEqual([label])
  })

  it('in one of several images undoes them all', async () => {
    const { session, services, imageId, otherId, draw } = await openWithImage()
    services.storage.close()
    await expect(
      session.labels.commitMany([
        { imageId, diff: { ...nothing, added: [draw(0)] }, options: {} },
        { imageId: otherId, diff: { ...nothing, added: [draw(0, otherId)] }, options: {} },
      ]),
    ).rejects.toThrow(/closed/)
    expect(session.labels.all()).toEqual([])
  })

  it('stops an import instead of listing every image after it', async () => {
    const { session, services } = await openWithImage()
    const prepared = await session.scanImport(await imageFiles(20))
    services.storage.close()
    await expect(session.runImport(prepared, 'none')).rejects.toThrow(/closed/)
    expect(session.activity).toBeUndefined()
  })
})

describe('reading the project again', () => {
  it('loses no box that is drawn meanwhile', async () => {
    const { session, services, imageId, draw } = await openWithImage()
    for (let drawn = 1; drawn <= 30; drawn++) {
      const reloading = session.reload()
      // Before, during and after the reads.
      for (let turn = 0; turn < drawn % 6; turn++)
        await services.storage.listHashes(session.project.id)
      const commit = session.labels.commit(imageId, { ...nothing, added: [draw(drawn)] })
      await reloading
      expect(session.labels.of(imageId)).toHaveLength(drawn)
      await commit
      expect(session.labels.of(imageId)).toHaveLength(drawn)
      expect(session.labels.label(imageId)?.revision).toBe(drawn)
    }
    const before = session.labels.of(imageId)
    await session.reload()
    expect(session.labels.of(imageId)).toEqual(before)
  })

  it('keeps a note that is written meanwhile', async () => {
    const { session } = await openWithImage()
    const note = await session.notebook.addNote(undefined)
    for (let edit = 0; edit < 30; edit++) {
      const reloading = session.reload()
      for (let turn = 0; turn < edit % 8; turn++) await Promise.resolve()
      await session.notebook.put({ ...note, markdown: `edit ${edit}` })
      await reloading
      expect(session.notebook.cell(note.id)).toMatchObject({ markdown: `edit ${edit}` })
    }
    const remove = session.notebook.remove(note.id)
    await session.reload()
    const restore = await remove
    expect(session.notebook.cell(note.id)).toBeUndefined()
    await restore()
    expect(session.notebook.cell(note.id)).toEqual({ ...note, markdown: 'edit 29' })
  })

  it('keeps a class that is added meanwhile', async () => {
    const { session } = await openWithImage()
    for (let index = 0; index < 10; index++) {
      const reloading = session.reload()
      await session.labels.addCategory(`class ${index}`)
      await reloading
      expect(session.categories).toHaveLength(index + 2)
    }
  })
})

describe('changing a cell', () => {
  it('loses neither of two changes that begin at once', async () => {
    const { session, workspace } = await openProject()
    const { id } = await session.notebook.addReview(undefined)
    const dismissed = (name: string) => ({
      kind: 'overlooked' as const,
      imageId: name as ImageId,
      categoryId: 'tin' as CategoryId,
      box: { x: 1, y: 2, width: 3, height: 4 },
    })
    const changed = await Promise.all(
      ['one', 'two', 'three'].map((name) =>
        session.notebook.update(id, 'review', (cell) => ({
          ...cell,
          dismissed: [...cell.dismissed, dismissed(name)],
        })),
      ),
    )
    expect(changed).toEqual([true, true, true])
    const expected = ['one', 'two', 'three'].map(dismissed)
    expect(session.notebook.cell(id)).toMatchObject({ dismissed: expected })
    await workspace.closeProject()
    const reopened = await workspace.openProject(session.project.id)
    expect(reopened.notebook.cell(id)).toMatchObject({ dismissed: expected })
  })

  it('writes nothing where nothing changes, so that a tab that only looks may ask for it', async () => {
    const { session } = await openProject()
    const note = await session.notebook.addNote(undefined)
    session.writer.readOnly = true
    expect(await session.notebook.update(note.id, 'note', (cell) => cell)).toBe(true)
    await expect(
      session.notebook.update(note.id, 'note', (cell) => ({ ...cell, markdown: 'x' })),
    ).rejects.toThrow('open in another tab')
    expect(session.notebook.cell(note.id)).toEqual(note)
  })

  it('does not bring back one that is removed meanwhile, nor touch one of another kind', async () => {
    const { session } = await openProject()
    const note = await session.notebook.addNote(undefined)
    const removing = session.notebook.remove(note.id)
    const change = session.notebook.update(note.id, 'note', (cell) => ({ ...cell, markdown: 'x' }))
    await removing
    expect(await change).toBe(false)
    await session.reload()
    expect(session.notebook.cell(note.id)).toBeUndefined()

    const other = await session.notebook.addNote(undefined)
    expect(await session.notebook.update(other.id, 'count', (cell) => cell)).toBe(false)
    expect(session.notebook.cell(other.id)).toEqual(other)
  })
})
