import type { RoundCell } from './types'
import type { StoppingRound } from '../experiment/stopping/stopping'

/** The finished rounds as the advice on stopping sees them, in the order they were played. */
export function stoppingRounds(cells: readonly RoundCell[]): StoppingRound[] {
  return cells
    .flatMap(({ index, output }): StoppingRound[] =>
      output === undefined
        ? []
        : [
            {
              index,
              images: output.labeledImages,
              boxes: output.labeledBoxes,
              seconds: output.labelSeconds,
              ap50: output.evaluation?.metrics.ap50,
              estimate: output.estimate,
              samples: output.samples,
              agreement: output.agreement,
            },
          ],
    )
    .sort((a, b) => a.index - b.index)
}
