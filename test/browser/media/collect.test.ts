import { afterAll, describe, expect, it } from 'vitest'
import { createMediaClient } from '../../../src/media/client'
import { collectEntries, collectFiles } from '../../../src/media/collect'
import { makeZip } from '../../helpers/media-zip'

const media = createMediaClient()
afterAll(() => media.close())

const named = (name: string, content: BlobPart = 'x'): File => new File([content], name)

interface LegacyFileSystem {
  webkitRequestFileSystem(
    kind: 0,
    bytes: number,
    done: (fileSystem: FileSystem) => void,
    failed: (error: Error) => void,
  ): void
}

/** A real folder as a drop hands it out, in Chromium's temporary file system. */
async function makeFolder(
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<FileSystemDirectoryEntry> {
  const { root } = await new Promise<FileSystem>((resolve, reject) => {
    ;(window as unknown as LegacyFileSystem).webkitRequestFileSystem(0, 1 << 20, resolve, reject)
  })
  const folderIn = (
    parent: FileSystemDirectoryEntry,
    child: string,
  ): Promise<FileSystemDirectoryEntry> =>
    new Promise((resolve, reject) => {
      parent.getDirectory(
        child,
        { create: true },
        (entry) => resolve(entry as FileSystemDirectoryEntry),
        reject,
      )
    })
  const top = await folderIn(root, name)
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split('/')
    const fileName = parts.pop() ?? ''
    let folder = top
    for (const part of parts) folder = await folderIn(folder, part)
    const entry = await new Promise<FileSystemEntry>((resolve, reject) => {
      folder.getFile(fileName, { create: true }, resolve, reject)
    })
    await writeEntry(entry, content)
  }
  return top
}

interface WritableEntry {
  createWriter(
    done: (writer: {
      onwriteend: () => void
      onerror: () => void
      write(blob: Blob): void
    }) => void,
    failed: (error: Error) => void,
  ): void
}

function writeEntry(entry: FileSystemEntry, content: string): Promise<void> {
  return new Promise((resolve, reject) => {
    ;(entry as unknown as WritableEntry).createWriter((writer) => {
      writer.onwriteend = resolve
      writer.onerror = () => reject(new Error('not written'))
      writer.write(new Blob([content]))
    }, reject)
  })
}

const paths = (files: readonly { path: string }[]): string[] => files.map((file) => file.path)

describe('collectFiles', () => {
  it('keeps images and JSON, in counting order, and reports the rest', async () => {
    const found = await collectFiles(
      [
        named('img10.jpg'),
        named('img9.JPG', 'nine'),
        named('notes.txt'),
        named('.DS_Store'),
        named('instances.json'),
      ],
      media,
    )
    expect(paths(found.files)).toEqual(['img9.JPG', 'img10.jpg', 'instances.json'])
    expect(found.files[0]?.size).toBe(4)
    expect(await (await found.files[0]?.open())?.text()).toBe('nine')
    expect(found.skipped).toEqual(['notes.txt'])
    expect(found.problems).toEqual([])
  })

  it('keeps an image without extension that the browser knows to be one', async () => {
    const found = await collectFiles(
      [new File(['x'], 'photo', { type: 'image/jpeg' }), named('thing')],
      media,
    )
    expect(paths(found.files)).toEqual(['photo'])
    expect(found.skipped).toEqual(['thing'])
  })

  it('opens zips, and their files until disposed', async () => {
    const zip = await makeZip({
      'images/a.jpg': 'pixels',
      'labels/instances.json': '{}',
      'readme.md': 'x',
      '../b.jpg': 'x',
    })
    const found = await collectFiles([named('data.zip', zip)], media)
    expect(paths(found.files)).toEqual(['data.zip/images/a.jpg', 'data.zip/labels/instances.json'])
    expect(found.skipped).toEqual(['data.zip/readme.md'])
    expect(paths(found.problems)).toEqual(['data.zip/../b.jpg'])
    expect(await (await found.files[0]?.open())?.text()).toBe('pixels')
    found.dispose()
    await expect(found.files[0]?.open()).rejects.toThrow(/the zip was closed/)
  })

  it('reports a broken zip and goes on', async () => {
    const found = await collectFiles([named('broken.zip', 'no zip'), named('a.jpg')], media)
    expect(found.problems).toEqual([
      {
        path: 'broken.zip',
        message:
          'broken.zip could not be opened. The file is not a zip, or its end is missing. Copy or download it again.',
      },
    ])
    expect(paths(found.files)).toEqual(['a.jpg'])
  })

  it('stops when cancelled', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(collectFiles([named('a.jpg')], media, signal)).rejects.toThrow('stopped')
  })
})

describe('collectEntries', () => {
  it('walks folders in folders, more files than one batch holds', async () => {
    const files: Record<string, string> = {
      'annotations/instances.json': '{}',
      'images/deep/er/last.png': 'deepest',
    }
    for (let index = 0; index < 250; index++) files[`images/${index}.jpg`] = String(index)
    const folder = await makeFolder('set', files)
    const found = await collectEntries([folder, named('single.png')], media)
    expect(found.files).toHaveLength(253)
    expect(found.problems).toEqual([])
    expect(paths(found.files).slice(0, 3)).toEqual([
      'set/annotations/instances.json',
      'set/images/0.jpg',
      'set/images/1.jpg',
    ])
    const last = found.files.find((file) => file.path === 'set/images/deep/er/last.png')
    expect(await (await last?.open())?.text()).toBe('deepest')
  })

  it('reports a file that vanished before it was read', async () => {
    const folder = await makeFolder('gone', { 'a.jpg': 'x' })
    const entry = await new Promise<FileSystemEntry>((resolve, reject) =>
      folder.getFile('a.jpg', {}, resolve, reject),
    )
    await new Promise<void>((resolve, reject) => {
      ;(
        entry as unknown as { remove(done: () => void, failed: (error: Error) => void): void }
      ).remove(resolve, reject)
    })
    const found = await collectEntries([entry], media)
    expect(found.files).toEqual([])
    expect(found.problems).toEqual([
      { path: 'gone/a.jpg', message: expect.stringMatching(/^gone\/a\.jpg could not be read/) },
    ])
  })
})

describe('collectFiles of a drop', () => {
  it('takes files and ignores dragged text', async () => {
    const transfer = new DataTransfer()
    transfer.items.add(named('a.jpg'))
    transfer.items.add('some text', 'text/plain')
    const found = await collectFiles(transfer, media)
    expect(paths(found.files)).toEqual(['a.jpg'])
  })
})
