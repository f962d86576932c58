/** `npm run strategies`, as a process, as far as it replays nothing. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { commandProcess } from './command-process'

const { folder, run } = commandProcess('strategies')
beforeAll(() => {
  for (const name of ['data', 'other/Data']) {
    mkdirSync(join(folder, name, 'images'), { recursive: true })
    writeFileSync(join(folder, name, 'instances.json'), '{}')
  }
})

describe('npm run strategies', () => {
  it('says how it is called', () => {
    const { status, stdout, stderr } = run('--help')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('Usage: npm run strategies')
  })

  it.each([
    [[], 'Give the folders of data sets'],
    [['no-such-folder'], 'There is no data set in'],
    [
      ['data', '--only', 'shelf', '--only', 'typo'],
      "--only is 'typo'; it must be one of data, data-shuffled, shelf",
    ],
    [['data', 'other/Data'], 'Two results would be called data; rename one of the folders.'],
    [
      ['data', '--long', 'data=12', '--only', 'typo'],
      "--only is 'typo'; it must be one of data, data-12-rounds, data-shuffled, shelf, shelf-shuffled.",
    ],
    [
      ['data', '--long', 'dats=12'],
      "--long is 'dats=12'; it must be NAME=ROUNDS with one of data, shelf and a whole number.",
    ],
    [['data', '--long', 'data=14=3'], "--long is 'data=14=3'; it must be NAME=ROUNDS"],
    [['data', '--long', 'data'], "--long is 'data'; it must be NAME=ROUNDS"],
    [['data', '--render'], '--render is given alone.'],
    [['--render', '--reuse'], '--render is given alone.'],
    [['--magic'], "Unknown option '--magic'"],
  ])('says what is wrong with %j', (args, message) => {
    const { status, stdout, stderr } = run(...args)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })
})
