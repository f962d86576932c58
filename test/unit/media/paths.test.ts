import { describe, expect, it } from 'vitest'
import { fileKind, isSystemFile, safePath } from '../../../src/media/paths'

describe('safePath', () => {
  it.each([
    ['images/a.jpg', 'images/a.jpg'],
    ['./images//a.jpg', 'images/a.jpg'],
    ['images\\a.jpg', 'images/a.jpg'],
    ['a..b/c.jpg', 'a..b/c.jpg'],
  ])('%s -> %s', (path, expected) => {
    expect(safePath(path)).toBe(expected)
  })

  it.each([
    '../a.jpg',
    'a/../../b.jpg',
    '..\\a.jpg',
    '/etc/passwd',
    'C:\\a.jpg',
    'c:a.jpg',
    '\\\\host\\a.jpg',
    './',
    '',
  ])('refuses %s', (path) => {
    expect(safePath(path)).toBeUndefined()
  })
})

describe('isSystemFile', () => {
  it.each([
    '__MACOSX/._a.jpg',
    'x/__MACOSX/a.jpg',
    '.DS_Store',
    'x/.DS_Store',
    'x/._a.jpg',
    'x/Thumbs.db',
  ])('%s', (path) => {
    expect(isSystemFile(path)).toBe(true)
  })

  it.each(['a.jpg', 'MACOSX/a.jpg', 'x/not.DS_Store.jpg', 'x/a._b.jpg'])('not %s', (path) => {
    expect(isSystemFile(path)).toBe(false)
  })
})

describe('fileKind', () => {
  it.each([
    ['a/b.JPG', 'image'],
    ['scan.tiff', 'image'],
    ['instances.json', 'labels'],
    ['data.ZIP', 'zip'],
    ['readme.md', 'other'],
    ['jpg', 'other'],
    ['a.jpg.txt', 'other'],
  ])('%s is %s', (path, kind) => {
    expect(fileKind(path)).toBe(kind)
  })
})
