/** `npm run evaluate`, as a process in a folder of its own. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandProcess } from './command-process'

const goldens = new URL('../../golden/cocoeval/', import.meta.url)

const { folder, run } = commandProcess('evaluate')

const write = (name: string, content: unknown) =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))

const box = { image_id: 1, category_id: 7, bbox: [0, 0, 10, 10] }
const truth = { images: [{ id: 1 }], categories: [{ id: 7, name: 'cat' }], annotations: [box] }

describe('npm run evaluate', () => {
  it.each(['area-ranges', 'no-detections'])(
    "prints the reference evaluator's twelve figures of %s",
    (name) => {
      const golden = JSON.parse(readFileSync(new URL(`${name}.json`, goldens), 'utf8')) as {
        readonly groundTruth: object
        readonly detections: object
        readonly expected: { readonly summary: Readonly<Record<string, number | null>> }
      }
      write('truth.json', golden.groundTruth)
      write('detections.json', golden.detections)
      const { status, stdout } = run('truth.json', 'detections.json')
      expect(status).toBe(0)
      const figures = JSON.parse(stdout) as Record<string, number | null>
      const expected = golden.expected.summary
      expect(Object.keys(figures).sort()).toEqual(Object.keys(expected).sort())
      for (const [figure, value] of Object.entries(expected)) {
        if (value === null) expect(figures[figure], figure).toBeNull()
        else expect(Math.abs((figures[figure] ?? NaN) - value), figure).toBeLessThanOrEqual(1e-6)
      }
    },
  )

  it('says in one line what is wrong with a file', () => {
    write('truth.json', truth)
    write('results.json', [{ ...box, score: 'high' }])
    const { status, stdout, stderr } = run('truth.json', 'results.json')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^results\.json is not a list .*\n$/)
  })

  it('says which file is missing, and how it is called without files', () => {
    write('truth.json', truth)
    expect(run('truth.json', 'nowhere.json')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`There is no file ${join(folder, 'nowhere.json')}`) as string,
    })
    expect(run().stderr).toContain('npm run evaluate -- truth.json detections.json')
  })
})
