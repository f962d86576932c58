/** A whole experiment on drawn shelves, with the real engine in workers: in one go, in shards, and interrupted. */
import { beforeAll, describe, expect, it } from 'vitest'
import { run, type ExperimentOptions } from '../../../src/cli/experiment'
import { mergeResults } from '../../../src/cli/merge-experiments'
import type { ExperimentResult } from '../../../src/core/experiment/replay/replay-types'

const options: ExperimentOptions = {
  source: { kind: 'shelf', images: 12, seed: 7 },
  strategies: ['random', 'entropy'],
  settings: { seeds: [1, 2], initial: 3, batch: 2, rounds: 3, stepsPerImage: 0 },
  model: { inputSize: 160, committee: 2, hidden: 8, steps: 8, views: 1 },
  share: { index: 1, count: 1 },
  splitSeed: 1,
  shuffledLabels: false,
  backend: 'wasm',
  jobs: 2,
}
/** The full pool, two initial sets, two more rounds of two strategies with two seeds. */
const trainings = 11

/** Runs an experiment; what it reports and saves is kept in `lines` and `states`. */
async function replay(changes: Partial<ExperimentOptions>, keep?: (state: string) => void) {
  const lines: string[] = []
  const save = (state: string) => {
    keep?.(state)
    return Promise.resolve()
  }
  const text = await run({ ...options, ...changes }, (line) => lines.push(line), { save })
  return { result: mergeResults([{ name: 'the state', text }]).result, lines }
}

const parse = (text: string) => JSON.parse(text) as ExperimentResult

let whole: Awaited<ReturnType<typeof replay>>
beforeAll(async () => {
  whole = await replay({})
}, 180_000)

describe('an experiment', () => {
  it('trains every unit once and reports the figures of every seed', () => {
    const units = whole.lines.filter((line) => / of 11: /.test(line))
    expect(units).toHaveLength(trainings)
    const { data, fullPool, strategies } = parse(whole.result)
    expect(data).toBe('shelf')
    expect(fullPool?.ap50).toBeGreaterThan(0)
    expect(fullPool?.interval?.low).toBeLessThan(fullPool?.interval?.high ?? NaN)
    for (const { curves } of strategies) {
      expect(curves.map(({ seed }) => seed)).toEqual([1, 2])
      for (const { points } of curves) expect(points.map(({ images }) => images)).toEqual([3, 5, 7])
    }
    expect(strategies[1].curves).not.toEqual(strategies[0].curves)
  })

  it('gives in two shards, each with one worker, what it gives in one run', async () => {
    const parts = []
    for (const index of [2, 1]) {
      const { result } = await replay({ share: { index, count: 2 }, jobs: 1 })
      parts.push({ name: `part ${index}`, text: result })
    }
    expect(mergeResults(parts).result).toBe(whole.result)
  }, 180_000)

  it('takes over what an earlier one has of it', async () => {
    const { result: earlier } = await replay({
      strategies: ['random'],
      settings: { ...options.settings, seeds: [2] },
    })
    const { result, lines } = await replay({ earlier: [{ name: 'a.json', text: earlier }] })
    // The full pool, the initial set and two more rounds.
    expect(lines).toContain('11 trainings, 4 of them done before')
    expect(result).toBe(whole.result)
    const other = replay({ earlier: [{ name: 'a.json', text: earlier }], splitSeed: 2 })
    await expect(other).rejects.toThrow(
      'Nothing can be taken over from a.json: it is of other data',
    )
  }, 180_000)

  it('goes on where it was interrupted', async () => {
    let kept = ''
    let saved = 0
    const interrupted = replay({ jobs: 1 }, (state) => {
      kept = state
      saved += 1
      if (saved === 4) throw new Error('interrupted')
    })
    await expect(interrupted).rejects.toThrow('interrupted')
    const { result, lines } = await replay({ state: kept })
    expect(lines).toContain('11 trainings, 4 of them done before')
    expect(result).toBe(whole.result)
  }, 180_000)
})
