import { afterAll, afterEach, describe, expect, it } from 'vitest'
import {
  closeApps,
  closeWorkers,
  drawnBox,
  imageFiles,
  imageNamed,
  importFiles,
  openApp,
  openProject,
  until,
} from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

const day = 24 * 3600 * 1000

describe('categories', () => {
  it('get the next free colour and key, also after one was deleted', async () => {
    const { session } = await openProject()
    for (const name of ['tin', 'can', 'box']) await session.labels.addCategory(name)
    const [tin, can, box] = session.categories
    expect(session.categories.map(({ key }) => key)).toEqual(['1', '2', '3'])
    await session.labels.deleteCategory(can.id)
    const jar = await session.labels.addCategory('jar')
    expect(jar).toMatchObject({ key: '2', color: can.color, order: 2 })
    expect(session.categories.map(({ id }) => id)).toEqual([tin.id, box.id, jar.id])
    expect(session.categories.map(({ order }) => order)).toEqual([0, 1, 2])
    expect(new Set(session.categories.map(({ color }) => color)).size).toBe(3)
  })

  it('take a key away from the one that had it', async () => {
    const { session } = await openProject()
    const tin = await session.labels.addCategory('tin')
    const can = await session.labels.addCategory('can')
    await session.labels.updateCategory(can.id, { key: '1' })
    expect(session.labels.category(tin.id)?.key).toBe('')
    expect(session.labels.category(can.id)?.key).toBe('1')
    // Having none is nothing that can be taken away.
    await session.labels.updateCategory(can.id, { key: '' })
    await session.labels.updateCategory(tin.id, { key: '' })
    expect(session.categories.map(({ key }) => key)).toEqual(['', ''])
  })

  it('refuse a name that is empty or taken, also when asked twice at once', async () => {
    const { session, services } = await openProject()
    const tin = await session.labels.addCategory(' tin ')
    expect(tin.name).toBe('tin')
    const can = await session.labels.addCategory('can')
    await expect(session.labels.addCategory('  ')).rejects.toThrow(/needs a name/)
    await expect(session.labels.addCategory('tin')).rejects.toThrow(/already a class/)
    const rename = (name: string) => session.labels.updateCategory(can.id, { name })
    await expect(rename('tin')).rejects.toThrow(/already/)
    await rename('can')
    const outcomes = await Promise.allSettled([
      session.labels.addCategory('jar'),
      session.labels.addCategory('jar'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    const stored = await services.storage.listCategories(session.project.id)
    expect(stored.map(({ name, order }) => [name, order])).toEqual([
      ['tin', 0],
      ['can', 1],
      ['jar', 2],
    ])
  })

  it('take their boxes with them', async () => {
    const { session, services } = await openProject()
    await importFiles(session, await imageFiles(1))
    const imageId = imageNamed(session, 'image-0.png')
    const tin = await session.labels.addCategory('tin')
    const can = await session.labels.addCategory('can')
    const boxes = [tin, can, can].map(({ id }, left) =>
      drawnBox(services, session, imageId, id, left),
    )
    await session.labels.commit(imageId, { added: boxes, updated: [], removed: [] })
    expect(session.labels.boxCount(can.id)).toBe(2)
    await session.labels.deleteCategory(can.id)
    expect(session.labels.of(imageId)).toEqual([boxes[0]])
    expect(await services.storage.listAnnotations(session.project.id)).toEqual([boxes[0]])
    expect(session.labels.label(imageId)?.revision).toBe(2)
  })
})

describe('projects', () => {
  it('are renamed in the list, in the open session and in storage', async () => {
    const { workspace, session, services, database } = await openProject()
    const { id } = session.project
    await workspace.renameProject(id, '  Warehouse ')
    expect(session.project.name).toBe('Warehouse')
    expect(workspace.projects.map(({ project }) => project.name)).toEqual(['Warehouse'])
    expect((await services.storage.getProject(id))?.name).toBe('Warehouse')
    await workspace.renameProject(id, '   ')
    expect(session.project.name).toBe('Warehouse')
    // A later change of the same record keeps the name another tab gave it.
    const other = await openApp(database)
    await other.workspace.renameProject(id, 'Cellar')
    await session.setTestFraction(0.3)
    expect(session.project).toMatchObject({ name: 'Cellar', testFraction: 0.3 })
  })

  it('come back from the bin, and are gone after a day', async () => {
    let clock = Date.now()
    const { workspace, services, database } = await openApp(undefined, { now: () => clock })
    const session = await workspace.createProject('Shelf')
    await importFiles(session, await imageFiles(2))
    const { id } = session.project
    await workspace.deleteProject(id)
    expect(workspace.session).toBeUndefined()
    expect(workspace.projects).toEqual([])
    await expect(workspace.openProject(id)).rejects.toThrow(/no longer on this machine/)
    const undo = workspace.notices.items.find(({ action }) => action?.label === 'Undo')?.action
    undo?.run()
    await until(() => workspace.projects.length === 1)
    expect((await workspace.openProject(id)).images).toHaveLength(2)

    await workspace.deleteProject(id)
    clock += day - 1000
    const soon = await openApp(database, { now: () => clock })
    await soon.workspace.start()
    expect(await services.storage.listProjects()).toHaveLength(1)
    clock += 2000
    await soon.workspace.start()
    expect(await services.storage.listProjects()).toEqual([])
    expect(await services.storage.listImages(id)).toEqual([])
    // Undo of what has been erased says so instead of failing silently.
    workspace.notices.items.findLast(({ action }) => action?.label === 'Undo')?.action?.run()
    await until(() => workspace.notices.items.some(({ tone }) => tone === 'error'))
    expect(workspace.notices.items.at(-1)?.text).toMatch(/^Restoring the project: /)
  })

  it('open once, however often somebody clicks', async () => {
    const { workspace, session } = await openProject()
    const { id } = session.project
    const other = await workspace.createProject('Another')
    const [first, second] = await Promise.all([
      workspace.openProject(id),
      workspace.openProject(id),
    ])
    expect(second).toBe(first)
    expect(workspace.session).toBe(first)
    expect(first.writer.readOnly).toBe(false)
    const back = await workspace.openProject(other.project.id)
    expect(back.writer.readOnly).toBe(false)
  })

  it('let go of their lock when they cannot be opened', async () => {
    const { workspace, session, services, database } = await openProject()
    const { id } = session.project
    const [good] = session.notebook.cells
    await workspace.closeProject()
    await services.storage.putCells([{ ...good, position: 'first' as never }])
    await expect(workspace.openProject(id)).rejects.toThrow()
    expect(workspace.session).toBeUndefined()
    await services.storage.putCells([good])
    const tab = await openApp(database)
    expect((await tab.workspace.openProject(id)).writer.readOnly).toBe(false)
  })
})

describe('two tabs', () => {
  it('have one writer, which can change', async () => {
    const { session, database } = await openProject()
    await importFiles(session, await imageFiles(2))
    const { id } = session.project
    const tab = await openApp(database)
    const reader = await tab.workspace.openProject(id)
    expect(reader.writer.readOnly).toBe(true)
    expect(session.writer.readOnly).toBe(false)
    await expect(reader.labels.addCategory('tin')).rejects.toThrow(/open in another tab/)
    await expect(importFiles(reader, await imageFiles(3))).rejects.toThrow(/open in another tab/)
    await expect(reader.setTestFraction(0.3)).rejects.toThrow(/open in another tab/)
    await expect(reader.notebook.addNote(undefined)).rejects.toThrow(/open in another tab/)
    expect(reader.importReport).toBeUndefined()

    const tin = await session.labels.addCategory('tin')
    await reader.takeOver()
    expect(reader.writer.readOnly).toBe(false)
    // What the other tab did meanwhile is there.
    expect(reader.categories).toEqual([tin])
    await until(() => session.writer.readOnly)
    await expect(session.labels.addCategory('can')).rejects.toThrow(/open in another tab/)
    await reader.labels.addCategory('can')
    await session.takeOver()
    expect(session.categories.map(({ name }) => name)).toEqual(['tin', 'can'])
    await until(() => reader.writer.readOnly)
  })

  it('stop what the one does when the other takes over', async () => {
    const { session, database } = await openProject()
    const { id } = session.project
    const running = importFiles(session, await imageFiles(60))
    await until(() => (session.activity?.phase ?? '') === 'Reading images')
    const tab = await openApp(database)
    const writer = await tab.workspace.openProject(id)
    await writer.takeOver()
    await running
    expect(session.importReport?.cancelled).toBe(true)
    expect(session.importReport?.imported).toBeLessThan(60)
    await writer.reload()
    expect(writer.images).toHaveLength(session.importReport?.imported ?? -1)
  })
})
