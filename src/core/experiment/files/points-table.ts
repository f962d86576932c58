import type { ExperimentState } from '../replay/replay-types'
import { seedsOf } from '../replay/shares'

/** Columns of `pointRows`. Seconds are of labelling at the experiment's cost; AP and AP50 are 0..1. */
export const pointColumns = [
  'strategy',
  'seed',
  'round',
  'images',
  'boxes',
  'seconds',
  'ap50',
  'ap',
] as const

/** Every round that was trained, one row each, in the order of strategies, seeds and rounds; unfinished runs included. */
export function pointRows({ settings, runs }: ExperimentState): (string | number)[][] {
  return settings.strategies.flatMap(({ id }) =>
    seedsOf(settings, id).flatMap((seed) => {
      const run = runs.find((other) => other.strategy === id && other.seed === seed)
      return (run?.rounds ?? []).flatMap(({ point }, round) =>
        point === undefined
          ? []
          : [[id, seed, round, point.images, point.boxes, point.seconds, point.ap50, point.ap]],
      )
    }),
  )
}
