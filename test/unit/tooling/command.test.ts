import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkWritable, writeWhole } from '../../../.config/command.mjs'
import { commandProcess } from './command-process'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('writeWhole', () => {
  it('puts the new text in the place of the old one and leaves nothing else', () => {
    const path = join(folder, 'a.json')
    writeWhole(path, 'old')
    writeWhole(path, 'new')
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(readdirSync(folder)).toEqual(['a.json'])
  })

  it('leaves nothing behind where the file cannot be put in place', () => {
    mkdirSync(join(folder, 'a.json'))
    expect(() => writeWhole(join(folder, 'a.json'), 'new')).toThrow()
    expect(readdirSync(folder)).toEqual(['a.json'])
  })
})

describe('checkWritable', () => {
  it('leaves a file as it is, and makes none', () => {
    writeFileSync(join(folder, 'a.json'), 'old')
    checkWritable('out', join(folder, 'a.json'))
    checkWritable('out', join(folder, 'b.json'))
    expect(readdirSync(folder)).toEqual(['a.json'])
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('old')
  })

  it.each([
    ['.', 'which is a folder'],
    ['no/b.json', 'There is no folder'],
    ['a.json/b.json', 'which cannot be written (ENOTDIR)'],
  ])('says why %s cannot be written, and for which option', (path, message) => {
    writeFileSync(join(folder, 'a.json'), 'old')
    const check = () => checkWritable('out', join(folder, path))
    expect(check).toThrow(message)
    expect(check).toThrow('--out')
  })
})

describe.each(['train', 'bench'])('npm run %s', (name) => {
  const command = commandProcess(name)

  it('refuses a --json that is a folder before anything else', () => {
    const { status, stderr } = command.run('--data', '.', '--json', '.')
    expect(status).toBe(1)
    expect(stderr).toBe('--json is ., which is a folder; give the name of a file in it.\n')
  })
})
