import { describe, expect, it } from 'vitest'
import type { CategoryId } from '../../../src/core/dataset/types'
import { reliabilityOf } from '../../../src/core/calibration/reliability'
import { diagnoseDetections } from '../../../src/core/diagnosis/diagnose'
import { evaluateDetections } from '../../../src/core/evaluation/evaluate'
import { parseCells } from '../../../src/core/notebook/parse'
import type { Cell } from '../../../src/core/notebook/types'
import {
  countCell,
  countOutput,
  fresh,
  imageId,
  replace,
  roundAt,
  roundOutput,
  withRound,
} from './cells'

/** A notebook in which every field that can be undefined is so once and set once. */
function notebook(): Cell[] {
  const cow = 'cow' as CategoryId
  const categories = [cow, 'dog' as CategoryId]
  const box = { x: 0, y: 0, width: 9, height: 9 }
  const truth = [{ categoryId: cow, box, crowd: false }]
  const evaluation = evaluateDetections(
    [{ imageId: imageId('t1'), truth, detections: [] }],
    categories,
  )
  const diagnosis = diagnoseDetections(
    [
      { imageId: imageId('t1'), truth, detections: [{ categoryId: cow, box, score: 0.5 }] },
      { imageId: imageId('t2'), truth, detections: [] },
    ],
    categories,
  )
  const check = reliabilityOf([{ categoryId: cow, score: 0.5, correct: true, iou: 0.75 }])
  const full = {
    evaluation,
    estimate: 'test-split' as const,
    diagnosis,
    calibration: { images: 4, before: check, after: check },
    trainedOn: [imageId('a')],
  }
  let cells = withRound(fresh(), ['a', 'b'], roundOutput(full))
  cells = withRound(cells, ['c'], roundOutput())
  cells = withRound(cells, [])
  const count = countCell(cells)
  return replace(cells, { ...count, imageId: imageId('a'), output: countOutput() })
}

const through = (cells: unknown): unknown => JSON.parse(JSON.stringify(cells))

describe('parseCells', () => {
  it('gives back what was stored', () => {
    expect(parseCells(notebook())).toEqual(notebook())
    expect(parseCells([])).toEqual([])
  })

  it('gives back what went through JSON, undefined fields included', () => {
    const parsed = parseCells(through(notebook()))
    expect(parsed).toEqual(notebook())
    expect(Object.keys(roundAt(parsed, 2))).toContain('output')
    expect(Object.keys(roundAt(parsed, 1).output ?? {})).toContain('evaluation')
  })

  it('takes settings that name no start or depth for those of a head trained from scratch', () => {
    const cells = withRound(fresh(), ['a'], roundOutput())
    const text = JSON.stringify(cells).replaceAll(',"start":"scratch","depth":"head"', '')
    const earlier: unknown = JSON.parse(text)
    expect(text).not.toMatch(/start|depth/)
    expect(parseCells(earlier)).toEqual(cells)
  })

  it('opens a round of a version that kept AP and AP50 of a class, and no diagnosis', () => {
    const categoryId = 'cow' as CategoryId
    const metrics = { ap: 0.5, ap50: 0.75 }
    const earlier = {
      metrics,
      perCategory: [{ categoryId, ...metrics, truthCount: 3 }],
      imageCount: 1,
      truthCount: 3,
    }
    const [cell] = withRound(fresh(), ['a'], roundOutput()).filter(({ kind }) => kind === 'round')
    const stored = { ...cell, output: { ...roundOutput(), evaluation: earlier } }
    const { output } = roundAt(parseCells([stored]), 0)
    expect(output?.evaluation).toMatchObject(earlier)
    expect(output?.evaluation?.perCategory[0].ar100).toBeUndefined()
    expect(output?.diagnosis).toBeUndefined()
  })

  it('opens a round whose training diverged', () => {
    const losses = [{ step: 1, loss: NaN }]
    const cells = withRound(fresh(), [], roundOutput({ losses }))
    expect(roundAt(parseCells(cells), 0).output?.losses).toEqual(losses)
  })

  it('drops keys it does not know', () => {
    const [note] = fresh()
    expect(parseCells([{ ...note, colour: 'red' }])).toEqual([note])
  })

  it.each<readonly [string, unknown, RegExp]>([
    ['something else than a list', { cells: [] }, /not a list of cells/],
    ['nothing', undefined, /not a list of cells/],
    ['a cell that is no object', ['x'], /cell 1: /],
    ['a kind from a newer version', [{ ...fresh()[0], kind: 'poem' }], /cell 1 \(poem\): kind/],
    ['a missing field', [{ ...fresh()[0], markdown: undefined }], /cell 1 \(note\): markdown/],
    ['an empty id', [{ ...fresh()[0], id: '' }], /cell 1 \(note\): id: is empty/],
    ['a position that is no number', [{ ...fresh()[0], position: NaN }], /\(note\): position/],
    [
      'an input size that does not fit the backbone',
      [{ ...fresh()[2], settings: { ...roundOutput().model, inputSize: 300 } }],
      /cell 1 \(model\): settings.inputSize: is not a multiple of 32/,
    ],
    [
      'a pick without a score',
      withRound(fresh(), ['a', 'b']).map((cell) =>
        cell.kind === 'round'
          ? { ...cell, picks: [cell.picks[0], { imageId: 'b', reason: '' }] }
          : cell,
      ),
      /cell 6 \(round\): picks.1.score/,
    ],
    [
      'an output of an unknown estimate',
      withRound(fresh(), [], { ...roundOutput(), estimate: 'guess' as 'test-split' }),
      /output.estimate/,
    ],
    ['two cells of one id', [fresh()[0], fresh()[0]], /two cells have the id note/],
    [
      'a missing round',
      withRound(withRound(fresh(), []), []).toSpliced(5, 1),
      /round 0 is missing/,
    ],
    [
      'a round twice',
      withRound(withRound(fresh(), []), []).map((c) =>
        c.kind === 'round' ? { ...c, index: 0 } : c,
      ),
      /round 0 is there twice/,
    ],
  ])('refuses %s, saying where', (_, value, message) => {
    expect(() => parseCells(value)).toThrow(message)
    expect(() => parseCells(value)).toThrow(/restore a backup/)
  })
})
