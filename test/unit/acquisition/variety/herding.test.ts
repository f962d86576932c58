import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstRows } from '../../../../src/core/numeric/matrix'
import { greedyHerding, pickUpTo } from '../../../../src/core/acquisition/variety/herding'
import { anyRows, distanceOf, matrixOf } from '../../../helpers/matrices'

interface Given {
  readonly rows: number[][]
  readonly labeled: number[][]
  readonly utilities: number[]
  readonly costs?: number[]
}

const variance = 4

function herd({ rows, labeled, utilities, costs }: Given) {
  const matrix = matrixOf(rows)
  return greedyHerding({
    candidates: matrix,
    population: matrix,
    utilities: Float64Array.from(utilities),
    covering: labeled.length > 0 ? matrixOf(labeled) : firstRows(matrix, 0),
    variance,
    ...(costs && { costs: Float64Array.from(costs) }),
  })
}

const kernel = (a: readonly number[], b: readonly number[]) =>
  Math.exp(-(distanceOf(a, b) ** 2) / (2 * variance))

/** mean of u(x) max_c K(x, c) */
const coverage = ({ rows, utilities }: Given, covering: readonly number[][]) =>
  rows.reduce(
    (sum, row, index) =>
      sum + utilities[index] * Math.max(0, ...covering.map((other) => kernel(row, other))),
    0,
  ) / rows.length

describe('greedyHerding', () => {
  it('picks what adds most to the covered utility', () => {
    // K(0, 2) = exp(-4/8) = 0.606531, K(0, 6) = exp(-36/8) = 0.011109, K(2, 6) = exp(-16/8) = 0.135335.
    const given = { rows: [[0], [2], [6]], labeled: [], utilities: [1, 1, 1] }
    const next = herd(given)
    // 0: (1 + 0.606531 + 0.011109) / 3; 2: (0.606531 + 1 + 0.135335) / 3 = 0.580622; 6: (0.011109 + 0.135335 + 1) / 3
    const first = next()
    expect(first?.index).toBe(1)
    expect(first?.gain).toBeCloseTo(0.580622, 6)
    expect(first?.standsFor).toBe(3)
    // 6: (1 - 0.135335) / 3 = 0.288222; 0: (1 - 0.606531) / 3 = 0.131156
    const second = next()
    expect(second?.index).toBe(2)
    expect(second?.gain).toBeCloseTo(0.288222, 6)
    expect(second?.standsFor).toBe(1)
    expect(next()?.gain).toBeCloseTo(0.131156, 6)
    expect(next()).toBeUndefined()
  })

  it('counts what is covered already, and each row by its utility', () => {
    // With 2 labelled, 0 adds 0.393469 u(0) and 6 adds 0.864665 u(6); 0 brings 6 nothing and the other way round.
    const rows = [[0], [6]]
    expect(herd({ rows, labeled: [[2]], utilities: [1, 1] })()?.index).toBe(1)
    const next = herd({ rows, labeled: [[2]], utilities: [1, 0.4] })
    // 0.393469 / 2 against 0.345866 / 2
    expect(next()?.gain).toBeCloseTo(0.196735, 6)
  })

  it('divides by the cost', () => {
    const given = { rows: [[0], [6]], labeled: [[2]], utilities: [1, 1] }
    // 0.393469 / 2 / 1 = 0.196735 against 0.864665 / 2 / 3 = 0.144111
    const pick = herd({ ...given, costs: [1, 3] })()
    expect(pick?.index).toBe(0)
    expect(pick?.gain).toBeCloseTo(0.196735, 6)
  })

  it('keeps to the candidates allowed, and finds those passed over later', () => {
    const next = herd({ rows: [[0], [2], [6]], labeled: [], utilities: [1, 1, 1] })
    expect(next((index) => index === 0)?.index).toBe(0)
    expect(next(() => false)).toBeUndefined()
    expect(next()?.index).toBe(2)
    expect(next()?.index).toBe(1)
  })

  const anyProblem = fc
    .tuple(anyRows({ min: 1, max: 10 }, 2), anyRows({ min: 0, max: 3 }, 2))
    .chain(([rows, labeled]) =>
      fc.record({
        rows: fc.constant(rows),
        labeled: fc.constant(labeled),
        utilities: fc.tuple(...rows.map(() => fc.constantFrom(0, 0.25, 0.5, 1))),
        costs: fc.tuple(...rows.map(() => fc.constantFrom(1, 2, 5))),
      }),
    )

  it('picks as well as an exhaustive search at every step, at utility 1 and any other', () => {
    fc.assert(
      fc.property(anyProblem, fc.boolean(), (any, isPlain) => {
        const given = isPlain
          ? { ...any, utilities: any.rows.map(() => 1), costs: any.rows.map(() => 1) }
          : any
        const covering = [...given.labeled]
        const left = new Set(given.rows.keys())
        for (const { index, gain } of pickUpTo(given.rows.length, herd(given))) {
          const before = coverage(given, covering)
          const gains = [...left].map(
            (row) => (coverage(given, [...covering, given.rows[row]]) - before) / given.costs[row],
          )
          expect(left).toContain(index)
          expect(gain).toBeCloseTo(Math.max(...gains), 9)
          covering.push(given.rows[index])
          left.delete(index)
        }
        expect(left.size).toBe(0)
      }),
    )
  })

  it('never gains more than before', () => {
    fc.assert(
      fc.property(anyProblem, (given) => {
        const gains = pickUpTo(given.rows.length, herd(given)).map(({ gain }) => gain)
        expect(gains).toEqual([...gains].sort((a, b) => b - a))
      }),
    )
  })

  it('refuses a kernel without width', () => {
    const matrix = matrixOf([[0]])
    const problem = { candidates: matrix, population: matrix, covering: matrix }
    expect(() => greedyHerding({ ...problem, utilities: Float64Array.of(1), variance: 0 })).toThrow(
      RangeError,
    )
  })
})
