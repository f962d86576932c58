import { afterAll, describe, expect, it } from 'vitest'
import { createMediaClient } from '../../../src/media/client'
import { makeZip } from '../../helpers/media-zip'

const media = createMediaClient()
afterAll(() => media.close())

const open = (file: Blob) => media.call('openZip', { file })

async function readText(zipId: number, path: string): Promise<string> {
  return (await media.call('readZipEntry', { zipId, path })).text()
}

describe('zips', () => {
  it.each([false, true])('lists and unpacks, zip64 = %s', async (zip64) => {
    const text = 'row of text\n'.repeat(1000)
    const { zipId, entries, skipped } = await open(
      await makeZip({ 'images/a.jpg': 'A', 'instances.json': text }, { zip64 }),
    )
    expect(entries).toEqual([
      { path: 'images/a.jpg', size: 1 },
      { path: 'instances.json', size: 12_000 },
    ])
    expect(skipped).toEqual([])
    expect(
      await Promise.all([readText(zipId, 'images/a.jpg'), readText(zipId, 'instances.json')]),
    ).toEqual(['A', text])
    // an entry may be read again
    expect(await readText(zipId, 'images/a.jpg')).toBe('A')
    await media.call('closeZip', { zipId })
    await expect(readText(zipId, 'images/a.jpg')).rejects.toThrow(/the zip was closed/)
  })

  it('drops system files and reports paths that lead out', async () => {
    const { entries, skipped } = await open(
      await makeZip({
        '__MACOSX/._a.jpg': 'x',
        'x/.DS_Store': 'x',
        '../evil.jpg': 'x',
        '/etc/a.jpg': 'x',
        'C:\\b.jpg': 'x',
        'good.jpg': 'x',
      }),
    )
    expect(entries.map((entry) => entry.path)).toEqual(['good.jpg'])
    expect(skipped.map((entry) => entry.path)).toEqual(['../evil.jpg', '/etc/a.jpg', 'C:\\b.jpg'])
    expect(skipped[0]?.message).toBe('has a path that leads out of the zip and is left out.')
  })

  it('keeps the first of two entries that are one path', async () => {
    const { zipId, entries, skipped } = await open(
      await makeZip({ 'x/a.jpg': 'first', 'x\\a.jpg': 'second' }),
    )
    expect(entries).toEqual([{ path: 'x/a.jpg', size: 5 }])
    expect(skipped).toHaveLength(1)
    expect(await readText(zipId, 'x/a.jpg')).toBe('first')
  })

  it('says that a zip is protected by a password', async () => {
    await expect(open(await makeZip({ 'a.jpg': 'secret' }, { password: 'x' }))).rejects.toThrow(
      'The zip is protected by a password. Unpack it yourself and add the folder.',
    )
  })

  it.each([
    ['text', (): Blob => new Blob(['no zip at all'])],
    ['an empty file', (): Blob => new Blob([])],
  ])('refuses %s', async (_name, make) => {
    await expect(open(make())).rejects.toThrow(/is not a zip, or its end is missing/)
  })

  it('refuses a zip cut short', async () => {
    const zip = await makeZip({ 'a.jpg': 'A'.repeat(500), 'b.jpg': 'B' })
    await expect(open(zip.slice(0, zip.size - 30))).rejects.toThrow(/Copy or download it again/)
  })

  it('reports an entry whose bytes were changed', async () => {
    const bytes = new Uint8Array(
      await (await makeZip({ 'a.txt': 'abcdefgh'.repeat(100) })).arrayBuffer(),
    )
    const local = new DataView(bytes.buffer)
    const dataStart = 30 + local.getUint16(26, true) + local.getUint16(28, true)
    bytes.fill(0x55, dataStart + 2, dataStart + 8)
    const { zipId } = await open(new Blob([bytes]))
    await expect(readText(zipId, 'a.txt')).rejects.toThrow(/^a\.txt could not be unpacked/)
  })

  it('stops an entry that unpacks to more than it declares', async () => {
    const bytes = new Uint8Array(
      await (await makeZip({ 'bomb.txt': '0'.repeat(5_000_000) })).arrayBuffer(),
    )
    const view = new DataView(bytes.buffer)
    // the uncompressed size is at 24 in the central directory record, and at 22 in the local header
    for (let offset = 0; offset + 46 < bytes.length; offset++) {
      if (view.getUint32(offset, true) === 0x02014b50) view.setUint32(offset + 24, 1000, true)
    }
    const { zipId, entries } = await open(new Blob([bytes]))
    expect(entries).toEqual([{ path: 'bomb.txt', size: 1000 }])
    await expect(readText(zipId, 'bomb.txt')).rejects.toThrow(/^bomb\.txt could not be unpacked/)
  })

  it('leaves out an entry that declares more than 1 GB', async () => {
    const bytes = new Uint8Array(
      await (await makeZip({ 'bomb.txt': '0'.repeat(1000), 'a.txt': 'a' })).arrayBuffer(),
    )
    const view = new DataView(bytes.buffer)
    for (let offset = bytes.length - 46; offset >= 0; offset--) {
      const isBomb =
        view.getUint32(offset, true) === 0x02014b50 && view.getUint32(offset + 24, true) === 1000
      if (isBomb) view.setUint32(offset + 24, 3_000_000_000, true)
    }
    const { entries, skipped } = await open(new Blob([bytes]))
    expect(entries.map((entry) => entry.path)).toEqual(['a.txt'])
    expect(skipped).toEqual([
      { path: 'bomb.txt', message: expect.stringMatching(/unpacks to more than 1 GB/) },
    ])
  })
})
