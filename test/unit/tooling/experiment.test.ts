/** `npm run experiment`, as a process. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadReplay } from '../../../src/cli/replay-trial'
import { writeExperiment } from '../../../src/core/experiment/files/experiment-files'
import type { ExperimentState } from '../../../src/core/experiment/replay/replay-types'
import { experimentResult } from '../../../src/core/experiment/statistics/result'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../../src/core/experiment/replay/experiment-settings'
import { curve } from '../experiment/statistics/curves'
import { commandProcess } from './command-process'

const { folder, run } = commandProcess('experiment')

/** The result of these seeds of an experiment with the seeds 1 and 2. */
function resultOf(seeds: readonly number[], dataDigest = 'abc'): string {
  const state: ExperimentState = {
    data: 'cards',
    dataDigest,
    settings: {
      ...defaultExperimentSettings,
      strategies: ['random', 'entropy'].map(parseVariant),
      seeds: [1, 2],
      rounds: 2,
    },
    fullPool: seeds.includes(1) ? { ap50: 0.5, ap: 0.25, interval: undefined } : undefined,
    runs: seeds.flatMap((seed) =>
      ['random', 'entropy'].map((strategy, index) => ({
        strategy,
        seed,
        rounds: curve(seed, [0.2 * seed, 0.4 + 0.1 * index]).points.map((point) => ({
          picks: [],
          point,
        })),
      })),
    ),
  }
  return writeExperiment(experimentResult(state))
}

describe('npm run experiment', () => {
  it('merges results into that of one run, prints the table and nothing else', () => {
    writeFileSync(join(folder, 'a.json'), resultOf([2]))
    writeFileSync(join(folder, 'b.json'), resultOf([1]))
    const { status, stdout, stderr } = run('merge', 'a.json', 'b.json', '--out', 'c.json')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('cards: all labels of the pool: AP50 0.500')
    expect(readFileSync(join(folder, 'c.json'), 'utf8')).toBe(resultOf([1, 2]))
  })

  it('prints the table of what it merges and writes no file without --out', () => {
    writeFileSync(join(folder, 'a.json'), resultOf([2]))
    writeFileSync(join(folder, 'b.json'), resultOf([1]))
    const before = readdirSync(folder)
    const { status, stdout, stderr } = run('merge', 'a.json', 'b.json')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('cards: all labels of the pool: AP50 0.500')
    expect(readdirSync(folder)).toEqual(before)
  })

  it('says what is missing from what it merges, and writes the result all the same', () => {
    writeFileSync(join(folder, 'a.json'), resultOf([2]))
    const { status, stdout, stderr } = run('merge', 'a.json', '--out', 'c.json')
    expect(status).toBe(0)
    expect(stdout).toContain('cards: what all labels of the pool give is not known yet')
    expect(stderr.trim().split('\n')).toEqual([
      'The experiment is not complete, 3 of 7 trainings are there. What is missing:',
      '  what all labels of the pool give',
      '  random: seed 1',
      '  entropy: seed 1',
      'If the file of a share was left out, or a share has failed, merge again with it.',
    ])
    expect(readFileSync(join(folder, 'c.json'), 'utf8')).toBe(resultOf([2]))
  })

  it.each([
    [['merge', 'a.json', 'other.json', '--out', 'c.json'], 'the results are of different data'],
    [['merge', 'nothing.json', '--out', 'c.json'], 'nothing.json cannot be read'],
    [['merge'], 'Give the results to merge'],
    [['merge', 'a.json', '--out', 'folder'], 'which is a folder; give the name of a file in it.'],
    [['--strategies', 'random'], '--data is missing'],
    [['--data', '.'], 'There is no data set in'],
    [['--data', 'shelf', '--shard', '3/2'], "--shard is '3/2'"],
    [['--data', 'shelf', '--seconds', '7'], "--seconds is '7'"],
    [['--data', 'shelf', '--seconds', 'Infinity,7'], "--seconds of an image is 'Infinity'"],
    [['--data', 'shelf', '--seconds', '7,'], "--seconds of a box is ''"],
    [['--data', 'shelf', '--set', 'stpes=800'], "--set is 'stpes=800'"],
    [
      ['--data', 'shelf', '--set', 'depth=full'],
      "--set is 'depth=full'; experiments train heads on",
    ],
    [
      ['--data', 'shelf', '--set', 'start=warm'],
      "--set is 'start=warm'; experiments train heads anew",
    ],
    [['--data', 'shelf', '--depth', 'full'], "--depth is 'full'"],
    [['--data', 'shelf', '--out', 'no/c.json'], 'There is no folder'],
    [['--data', 'shelf', '--out', 'folder'], 'which is a folder; give the name of a file in it.'],
    [['--data', 'shelf', '--out', 'a.json/c.json'], 'which cannot be written (ENOTDIR)'],
    [['--data', 'shelf', '--rounds', '0'], "--rounds is '0'"],
    [['--data', 'shelf', '--from', 'a.json,nothing.json'], 'nothing.json cannot be read'],
    [['--magic'], "Unknown option '--magic'"],
  ])('says what is wrong with %j', (args, message) => {
    writeFileSync(join(folder, 'a.json'), resultOf([2]))
    writeFileSync(join(folder, 'other.json'), resultOf([1], 'other'))
    mkdirSync(join(folder, 'folder'), { recursive: true })
    expect(complaints(...args).join('\n')).toContain(message)
  })

  it('explains itself', () => {
    const { status, stdout } = run('--help')
    expect(status).toBe(0)
    expect(stdout).toContain('--shard I/N')
    expect(stdout).toContain('SLURM_ARRAY_TASK_ID')
  })
})

/** Written beside the experiments as a data set; nothing but its labels is looked at until something is trained. */
const images = Array.from({ length: 28 }, (_, index) => ({ id: index, file_name: `${index}.jpg` }))
const annotations = images.map(({ id }) => ({
  id,
  image_id: id,
  category_id: 1,
  bbox: [id, 2, 9, 9],
}))

function writeData(instances: object): void {
  mkdirSync(join(folder, 'discs/images'), { recursive: true })
  writeFileSync(join(folder, 'discs/instances.json'), JSON.stringify(instances))
  for (const { file_name } of images) writeFileSync(join(folder, 'discs/images', file_name), 'x')
}

/** The digest of the data set as a replay reads it. */
async function digestOfData(): Promise<string> {
  const server = createServer(({ url }, response) => {
    response.end(readFileSync(join(folder, `${url}`)))
  })
  await new Promise<void>((done) => server.listen(0, done))
  try {
    const url = `http://localhost:${(server.address() as AddressInfo).port}/discs/`
    const source = { kind: 'folder', url, name: 'discs' } as const
    const { dataDigest } = await loadReplay(
      { source, splitSeed: 1, shuffledLabels: false },
      () => undefined,
    )
    return dataDigest
  } finally {
    server.close()
  }
}

/** What a command that fails says, a line each, and never by a stack. */
function complaints(...args: string[]): string[] {
  const { status, stderr } = run(...args)
  expect(status).toBe(1)
  expect(stderr).not.toContain('    at ')
  return stderr.trim().split('\n')
}

describe('npm run experiment, in a browser', () => {
  beforeEach(() => writeData({ images, categories: [{ id: 1, name: 'disc' }], annotations }))

  it('writes the very file that merging it gives', async () => {
    const seeds = Array.from({ length: 10 }, (_, index) => index + 1)
    const strategies = ['random', 'entropy', 'bald']
    const state: ExperimentState = {
      data: 'discs',
      dataDigest: await digestOfData(),
      settings: {
        ...defaultExperimentSettings,
        strategies: strategies.map(parseVariant),
        seeds,
        initial: 5,
        batch: 5,
        rounds: 4,
      },
      fullPool: { ap50: 0.9, ap: 0.5, interval: undefined },
      runs: seeds.flatMap((seed) =>
        strategies.map((strategy, index) => ({
          strategy,
          seed,
          rounds: curve(
            seed,
            [1, 2, 3, 4].map((round) => 1 - 1 / (1 + round * (1 + 0.3 * index + 0.07 * seed))),
          ).points.map((point) => ({ picks: [], point })),
        })),
      ),
    }
    writeFileSync(join(folder, 'earlier.json'), writeExperiment(state))
    const { status, stdout, stderr } = run(
      ...['--data', 'discs', '--strategies', strategies.join(), '--seeds', '10'],
      ...['--initial', '5', '--batch', '5', '--rounds', '4'],
      ...['--from', 'earlier.json', '--out', 'whole.json'],
    )
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: '101 trainings, 101 of them done before\n',
    })
    const merged = run('merge', 'whole.json', '--out', 'merged.json')
    expect(merged.stdout).toBe(stdout)
    const whole = readFileSync(join(folder, 'whole.json'), 'utf8')
    expect(readFileSync(join(folder, 'merged.json'), 'utf8')).toBe(whole)
    expect(whole).toBe(writeExperiment(experimentResult(state)))
  }, 120_000)

  it('says what of a data set it leaves out and why', () => {
    const [first, second, third, ...others] = annotations
    writeData({
      images: [...images, { id: 28 }],
      categories: [{ id: 1, name: 'disc' }],
      annotations: [
        { ...first, category_id: 2 },
        { ...second, category_id: 2 },
        { ...third, bbox: 'here' },
        ...others,
      ],
    })
    // A quarter of the 25 images that stay is never asked for.
    expect(complaints('--data', 'discs')).toEqual([
      'instances.json: 4 records are left out, and 3 of 28 images, whose labels would be incomplete:',
      '  instances.json, image at position 28: no usable id or file_name; left out.',
      '  instances.json, annotations 0, 1: category id that is not listed; left out.',
      '  instances.json, annotation 2: bbox that is not four finite numbers; left out.',
      expect.stringContaining('8 rounds label 80 images, but the pool holds 19'),
    ])
  }, 120_000)

  it('says so of a data set without an image that can be used', () => {
    writeData({ images, categories: [], annotations })
    expect(complaints('--data', 'discs')).toEqual([
      'instances.json has no image that can be used: correct it, or give another data set.',
      'instances.json: 28 records are left out, and 28 of 28 images, whose labels would be incomplete:',
      '  instances.json, annotations 0, 1, 2 and 25 more: category id that is not listed; left out.',
    ])
  }, 120_000)

  it('names the images that cannot be read', () => {
    const pixel = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
    for (const { file_name } of images.slice(2))
      writeFileSync(join(folder, 'discs/images', file_name), pixel, 'base64')
    const lines = complaints(
      ...['--data', 'discs', '--initial', '5', '--batch', '5', '--rounds', '2'],
      ...['--set', 'inputSize=96', '--backend', 'wasm', '--jobs', '2'],
    )
    expect(lines.slice(-3)).toEqual([
      'Images that cannot be read have to leave the data set:',
      expect.stringContaining('  0.jpg: '),
      expect.stringContaining('  1.jpg: '),
    ])
  }, 120_000)
})
