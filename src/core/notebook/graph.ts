import { sortCells } from './document'
import type { Cell, CellId, RoundCell } from './types'

/**
 * What every cell's output is computed from, directly: data -> model -> each round, the curve reads
 * all rounds, a count or a review the newest trained round, an experiment the data. Notes read nothing. A round does not read the one
 * before it: what that one's model asked for was fixed when it was drawn, and the head it may start
 * from is taken as it is (the round's fingerprint names it), however old the labels it learned from.
 *
 * Iterates in an order in which every cell comes after what it reads.
 */
export function dependencyGraph(cells: readonly Cell[]): ReadonlyMap<CellId, readonly CellId[]> {
  const sorted = sortCells(cells)
  const idsOf = (kind: Cell['kind']) => sorted.filter((c) => c.kind === kind).map(({ id }) => id)
  const data = idsOf('data')
  const models = idsOf('model')
  const rounds = roundsOf(cells)
  const trained = latestTrainedRound(cells)

  const graph = new Map<CellId, readonly CellId[]>()
  for (const id of [...idsOf('note'), ...data]) graph.set(id, [])
  for (const id of [...models, ...idsOf('experiment')]) graph.set(id, data)
  for (const { id } of rounds) graph.set(id, models)
  for (const id of idsOf('curve'))
    graph.set(
      id,
      rounds.map((round) => round.id),
    )
  for (const id of [...idsOf('count'), ...idsOf('review')])
    graph.set(id, trained === undefined ? [] : [trained.id])
  return graph
}

/** The rounds in the order they were played. */
export function roundsOf(cells: readonly Cell[]): RoundCell[] {
  return cells.filter((cell) => cell.kind === 'round').sort((a, b) => a.index - b.index)
}

/** The round whose head is the current model; undefined before anything was trained. */
export function latestTrainedRound(cells: readonly Cell[]): RoundCell | undefined {
  return roundsOf(cells).findLast(({ output }) => output !== undefined)
}
