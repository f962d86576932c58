import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { monochromePng } from '../../helpers/media-images'
import { makeZip } from '../../helpers/media-zip'
import {
  closeApps,
  closeWorkers,
  cocoFile,
  drawnBox,
  imageFile,
  imageFiles,
  imageNamed,
  importFiles,
  jsonFile,
  openProject,
  until,
} from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

const tin = { category: 0, box: { x: 4, y: 6, width: 20, height: 10 } }
const listing = (fileName: string, boxes: readonly (typeof tin)[]) => ({
  fileName,
  width: 64,
  height: 48,
  boxes,
})

describe('an import with everything wrong at once', () => {
  it('brings in every good image and names each bad file with its reason', async () => {
    const { session } = await openProject()
    const good = await imageFiles(6, 'good')
    const jpeg = await (await imageFile('x', 200)).arrayBuffer()
    const markup = '<img src=x onerror=alert(1)>'
    const annotation = (id: number, image: unknown, category: number, bbox: unknown) => ({
      id,
      image_id: image,
      category_id: category,
      bbox,
    })
    // Written by hand: JSON has no NaN, but files of Python programs do.
    const coco = JSON.stringify({
      categories: [
        { id: 1, name: 'tin' },
        { id: 2, name: markup },
      ],
      images: [
        { id: 1, file_name: 'good-0.png', width: 64, height: 48 },
        { id: 2, file_name: 'good-1.png', width: 64, height: 48 },
        { id: 3, file_name: 'good-2.png', width: 64, height: 48 },
        { id: 4, file_name: 'good-3.png', width: 64, height: 48 },
        { id: 5, file_name: 'good-4.png', width: 64, height: 48 },
        { id: 5, file_name: 'good-5.png', width: 64, height: 48 },
        { id: 6, file_name: 'missing.png', width: 64, height: 48 },
      ],
      annotations: [
        annotation(1, 1, 1, [1, 2, 30, 20]),
        annotation(2, 1, 2, [5, 5, 10, 10]),
        annotation(3, 2, 77, [1, 1, 10, 10]),
        annotation(4, 3, 1, [100, 100, 10, 10]),
        annotation(1, 3, 1, [2, 2, 10, 10]),
        annotation(5, 4, 1, ['NAN', 1, 10, 10]),
        annotation(6, 6, 1, [1, 1, 10, 10]),
      ],
    }).replace('"NAN"', 'NaN')
    await importFiles(session, [
      ...good,
      new File([await good[0].arrayBuffer()], 'copy-of-good-0.png'),
      new File(['certainly not an image'], 'text.jpg'),
      new File([jpeg.slice(0, jpeg.byteLength - 40)], 'truncated.png'),
      new File([], 'empty.jpg'),
      new File(['hello'], 'readme.txt'),
      new File([coco], 'instances.json'),
    ])

    expect(session.images.map(({ name }) => name)).toEqual(good.map(({ name }) => name))
    const report = session.importReport
    expect(report).toMatchObject({ imported: 6, boxes: 3, boxesAs: 'labels', cancelled: false })
    // The copy comes first in the order of the paths, but the file that the labels name stays.
    expect(report?.duplicates).toEqual(['copy-of-good-0.png'])
    expect(report?.failures.map(({ path }) => path)).toEqual([
      'empty.jpg',
      'text.jpg',
      'truncated.png',
    ])
    for (const { path, message } of report?.failures ?? []) expect(message).toContain(path)
    const warnings = (report?.warnings ?? [])
      .map(({ path, message }) => `${path} ${message}`)
      .join('\n')
    expect(warnings).toMatch(/missing\.png.*no such file/)
    expect(warnings).toMatch(/category id that is not listed/)
    expect(warnings).toMatch(/box outside the image/)
    expect(warnings).toMatch(/same id as another annotation/)
    expect(warnings).toMatch(/not four finite numbers/)
    expect(warnings).toMatch(/good-4\.png, good-5\.png same id/)
    expect(warnings).toMatch(/readme\.txt/)
    expect(session.categories.map(({ name }) => name)).toEqual(['tin', markup])

    const status = (name: string) => session.labels.label(imageNamed(session, name))?.status
    expect(status('good-0.png')).toBe('done')
    // Objects of an unknown category or without a usable box are missing: somebody has to look at the image.
    expect(status('good-1.png')).toBe('in-progress')
    expect(status('good-3.png')).toBe('in-progress')
    // A box that lies outside marks nothing that could be missing.
    expect(status('good-2.png')).toBe('done')
    // Two images shared its id, so nothing is known of it.
    expect(status('good-4.png')).toBeUndefined()
    expect(session.labels.of(imageNamed(session, 'good-0.png')).map(({ box }) => box)).toEqual([
      { x: 1, y: 2, width: 30, height: 20 },
      { x: 5, y: 5, width: 10, height: 10 },
    ])
  })

  it('takes 1,000 categories, each with a colour, ten with a key', async () => {
    const { session } = await openProject()
    const categories = Array.from({ length: 1000 }, (_, index) => `class ${index}`)
    await importFiles(session, [
      ...(await imageFiles(1)),
      cocoFile(categories, [listing('image-0.png', [{ ...tin, category: 999 }])]),
    ])
    expect(session.categories.map(({ name }) => name)).toEqual(categories)
    expect(session.categories.map(({ order }) => order)).toEqual([...categories.keys()])
    expect(session.categories.map(({ key }) => key).join('')).toBe('1234567890')
    expect(session.categories.every(({ color }) => /^#[0-9a-f]{6}$/.test(color))).toBe(true)
    expect(session.labels.boxCount(session.categories[999].id)).toBe(1)
  })

  it('takes a photo of 12,000 x 9,000 pixels', async () => {
    const { session } = await openProject()
    const rows = new Blob([new Uint8Array((1 + 12_000 / 8) * 9_000)]).stream()
    const data = await new Response(
      rows.pipeThrough(new CompressionStream('deflate')),
    ).arrayBuffer()
    await importFiles(session, [
      new File([monochromePng(12_000, 9_000, new Uint8Array(data))], 'huge.png'),
    ])
    expect(session.importReport?.failures).toEqual([])
    expect(session.images).toMatchObject([{ name: 'huge.png', width: 12_000, height: 9_000 }])
  })
})

describe('the boxes of an import', () => {
  async function importAs(boxesAs: 'labels' | 'oracle' | 'none') {
    const app = await openProject()
    const coco = cocoFile(
      ['tin'],
      // The last two are not listed: nothing is known of them.
      Array.from({ length: 8 }, (_, index) =>
        listing(`image-${index}.png`, index === 0 ? [] : [tin]),
      ),
    )
    await importFiles(app.session, [...(await imageFiles(10)), coco], boxesAs)
    return app
  }

  it('become labels of every listed image, one without boxes a negative', async () => {
    const { session } = await importAs('labels')
    const done = session.images.filter(({ id }) => session.labels.isDone(id))
    expect(done.map(({ name }) => name)).toEqual(
      Array.from({ length: 8 }, (_, index) => `image-${index}.png`),
    )
    expect(session.labels.of(imageNamed(session, 'image-0.png'))).toEqual([])
    expect(session.labels.of(imageNamed(session, 'image-1.png'))).toMatchObject([
      { box: tin.box, origin: 'import', crowd: false, categoryId: session.categories[0].id },
    ])
    expect(session.project.hasOracle).toBe(false)
    expect(session.testImages).toHaveLength(2)
  })

  it('stay hidden with the oracle, but label the test split', async () => {
    const { session, services } = await importAs('oracle')
    expect(session.project.hasOracle).toBe(true)
    expect(session.testImages).toHaveLength(2)
    const listed = new Set(Array.from({ length: 8 }, (_, index) => `image-${index}.png`))
    const testListed = session.testImages.filter(({ name }) => listed.has(name))
    expect(session.testLabeled).toEqual(testListed)
    expect(session.pool.labeled).toEqual([])
    for (const id of session.pool.unlabeled) expect(session.labels.of(id)).toEqual([])
    const known = await services.storage.getOracle(session.images.map(({ id }) => id))
    expect(known).toHaveLength(8)
  })

  it('are left where they are when nobody wants them', async () => {
    const { session, services } = await importAs('none')
    expect(session.images).toHaveLength(10)
    expect(session.labels.all()).toEqual([])
    expect(session.categories).toEqual([])
    expect(session.project.hasOracle).toBe(false)
    expect(await services.storage.getOracle(session.images.map(({ id }) => id))).toEqual([])
  })
})

describe('importing in parts', () => {
  it('keeps what is complete when cancelled; the same folder brings the rest', async () => {
    const { session } = await openProject()
    const files = await imageFiles(40)
    const running = importFiles(session, files)
    await until(() => session.activity?.phase === 'Reading images' && session.activity.done >= 5)
    session.activity?.cancel()
    await running
    const kept = session.images.length
    expect(kept).toBeGreaterThanOrEqual(5)
    expect(kept).toBeLessThan(40)
    expect(session.importReport).toMatchObject({ cancelled: true, imported: kept, failures: [] })
    expect(session.activity).toBeUndefined()

    await importFiles(session, files)
    expect(session.images).toHaveLength(40)
    expect(session.importReport).toMatchObject({ cancelled: false, imported: 40 - kept })
    expect(session.importReport?.duplicates).toHaveLength(kept)
    expect(new Set(session.images.map(({ order }) => order)).size).toBe(40)
    for (const { id } of session.images) expect(await session.imageBlob(id)).toBeInstanceOf(Blob)
  })

  it('looks through nothing more once cancelled', async () => {
    const { session } = await openProject()
    const controller = new AbortController()
    const scan = session.scanImport(
      [...(await imageFiles(2)), cocoFile(['tin'], [])],
      controller.signal,
    )
    controller.abort(new DOMException('Cancelled', 'AbortError'))
    await expect(scan).rejects.toMatchObject({ name: 'AbortError' })
    await importFiles(session, await imageFiles(1))
    expect(session.images).toHaveLength(1)
  })

  it('keeps the split of images that are there and draws the share from those that come', async () => {
    const { session } = await openProject()
    const files = await imageFiles(30)
    await importFiles(session, files.slice(0, 10))
    const first = session.testImages.map(({ name }) => name)
    expect(first).toHaveLength(2)
    await importFiles(session, files.slice(10))
    const later = session.testImages.map(({ name }) => name)
    expect(later).toHaveLength(6)
    expect(later).toEqual(expect.arrayContaining(first))
  })

  it('refuses a second import meanwhile and leaves the first one and its report alone', async () => {
    const { session } = await openProject()
    const files = await imageFiles(12)
    const running = importFiles(session, files)
    await until(() => session.activity !== undefined)
    await expect(importFiles(session, files)).rejects.toThrow(/Wait until “Importing images”/)
    expect(session.importReport).toBeUndefined()
    await running
    expect(session.importReport).toMatchObject({ imported: 12, duplicates: [] })
  })

  it('keeps a box that is drawn while other images come in', async () => {
    const { session, services } = await openProject()
    await importFiles(session, await imageFiles(1, 'first'))
    const category = await session.labels.addCategory('tin')
    const imageId = imageNamed(session, 'first-0.png')
    const running = importFiles(session, (await imageFiles(60)).slice(1))
    let drawn = 0
    // A box after every task: some are written just while the session is read anew.
    while (session.activity !== undefined || drawn === 0) {
      const box = drawnBox(services, session, imageId, category.id, drawn)
      await session.labels.commit(imageId, { added: [box], updated: [], removed: [] })
      drawn++
      expect(session.labels.of(imageId)).toHaveLength(drawn)
    }
    await running
    expect(session.labels.of(imageId)).toHaveLength(drawn)
    expect(session.labels.label(imageId)?.revision).toBe(drawn)
  })

  it('opens a zip', async () => {
    const { session } = await openProject()
    const [image] = await imageFiles(1)
    const zip = await makeZip({
      'data/images/image-0.png': image,
      'data/instances.json': await cocoFile(['tin'], [listing('image-0.png', [tin])]).text(),
      'data/broken.png': 'not an image',
    })
    await importFiles(session, [new File([zip], 'data.zip')])
    expect(session.images.map(({ name }) => name)).toEqual(['data.zip/data/images/image-0.png'])
    expect(session.importReport?.failures.map(({ path }) => path)).toEqual([
      'data.zip/data/broken.png',
    ])
    expect(session.labels.of(session.images[0].id)).toMatchObject([{ box: tin.box }])
  })

  it('labels images that are here already without labels, and leaves alone what is labelled', async () => {
    const { session } = await openProject()
    const files = await imageFiles(3)
    await importFiles(session, [...files, cocoFile(['tin'], [listing('image-0.png', [])])])
    const before = session.labels.label(imageNamed(session, 'image-0.png'))
    const listings = ['image-0.png', 'image-1.png'].map((name) => listing(name, [tin]))
    await importFiles(session, [...files, cocoFile(['tin'], listings)])
    expect(session.importReport).toMatchObject({
      imported: 0,
      attached: 1,
      boxes: 1,
      duplicates: ['image-0.png', 'image-1.png', 'image-2.png'],
      warnings: [{ path: 'image-0.png', message: expect.stringMatching(/^was labelled already/) }],
    })
    expect(session.labels.label(imageNamed(session, 'image-0.png'))).toEqual(before)
    const labeled = imageNamed(session, 'image-1.png')
    expect(session.labels.label(labeled)).toMatchObject({ status: 'done', seconds: 0 })
    expect(session.labels.of(labeled)).toMatchObject([{ box: tin.box, origin: 'import' }])
    expect(session.labels.label(imageNamed(session, 'image-2.png'))).toBeUndefined()
    await session.reload()
    expect(session.labels.of(labeled)).toHaveLength(1)
  })

  it('lets an oracle that comes later know the images that are here already', async () => {
    const { session, services } = await openProject()
    const files = await imageFiles(5)
    await importFiles(session, files)
    const listings = files.map(({ name }) => listing(name, [tin]))
    await importFiles(session, [...files, cocoFile(['tin'], listings)], 'oracle')
    expect(session.importReport).toMatchObject({ imported: 0, attached: 5, boxes: 5 })
    expect(session.project.hasOracle).toBe(true)
    // The test split is never asked for, so its images are labelled at once.
    expect(session.testLabeled).toEqual(session.testImages)
    expect(session.pool.labeled).toEqual([])
    const ids = session.images.map(({ id }) => id)
    expect((await services.storage.getOracle(ids)).map(({ imageId }) => imageId)).toEqual(ids)
    await importFiles(session, [...files, cocoFile(['tin'], listings)], 'oracle')
    expect(session.importReport).toMatchObject({ attached: 0 })
  })

  it('refuses before the first image what the disk can never hold', async () => {
    const { session } = await openProject()
    const prepared = await session.scanImport(await imageFiles(2))
    // Files of a pebibyte cannot be had for a test; what counts is the size that the listing gives.
    const huge = prepared.images.map((file) => ({ ...file, size: 2 ** 50 }))
    await expect(session.runImport({ ...prepared, images: huge }, 'none')).rejects.toThrow(
      /^These 2 images need 2147483648 MB, and the browser has \d+ MB left.*Nothing was imported/,
    )
    expect(session.images).toEqual([])
    await session.runImport(prepared, 'none')
    expect(session.images).toHaveLength(2)
  })

  it('tells of a COCO file that is none, and imports the images', async () => {
    const { session } = await openProject()
    await importFiles(session, [...(await imageFiles(2)), jsonFile('package.json', { name: 'x' })])
    expect(session.images).toHaveLength(2)
    expect(session.importReport?.warnings.map(({ path }) => path)).toEqual(['package.json'])
  })
})
