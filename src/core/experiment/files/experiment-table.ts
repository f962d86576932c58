import { meanPenalty } from '../statistics/penalties'
import { baselineOf, differencesToBest, experimentAxes, sharedSeeds } from '../statistics/result'
import type {
  ExperimentAxis,
  ExperimentResult,
  FullPoolReference,
  LabelSaving,
  PairedDifference,
  StrategyFigures,
} from '../replay/replay-types'

/** Columns of a table of results on one axis; that of the AULC says of how many seeds it is where a strategy has more. */
export function experimentColumns({ strategies }: ExperimentResult): readonly string[] {
  const shared = sharedSeeds(strategies).length
  const isOfAll = strategies.every(({ curves }) => curves.length <= shared)
  return [
    'strategy',
    'seeds',
    isOfAll ? 'AULC' : `AULC (${shared} ${shared === 1 ? 'seed' : 'seeds'})`,
    'to random [95 %]',
    'wins',
    'to the best [95 %]',
    'label saving [95 %]',
    'not reached',
  ]
}

/**
 * The figures on one axis as text, a row a strategy; '' where there is none. Random is not compared with itself, and the best
 * of all is called that.
 */
export function experimentRows(
  result: ExperimentResult,
  axis: ExperimentAxis,
): readonly (readonly string[])[] {
  const toBest = differencesToBest(result, axis)
  const baseline = baselineOf(result.settings)
  return result.strategies.map(({ id, curves, axes }) => {
    const own: StrategyFigures = axes[axis]
    const { aulc } = own
    const { versusRandom, saving } = id === baseline ? {} : own
    const best = toBest.get(id)
    return [
      id,
      String(curves.length),
      aulc === undefined ? '' : aulc.mean.toFixed(3),
      showDifference(versusRandom),
      versusRandom === undefined ? '' : `${versusRandom.wins} / ${versusRandom.n}`,
      best === 'best' ? best : showDifference(best),
      showSaving(saving),
      own.saving === undefined ? '' : String(own.saving.notReached),
    ]
  })
}

/** All that an experiment found as plain text: a table an axis, and who loses against whom. */
export function experimentReport(result: ExperimentResult): string {
  const lines = [`${result.data}: ${showReference(result)}`]
  for (const axis of experimentAxes) {
    const rows = [experimentColumns(result), ...experimentRows(result, axis)]
    lines.push('', `by ${axis}`, ...alignColumns(rows))
  }
  const { strategies, losses } = result.penalties.seconds
  const penalties = strategies.map((id, index) => {
    const mean = meanPenalty(result.penalties.seconds, index)
    return [id, ...[...losses[index], mean].map((loss) => loss?.toFixed(2) ?? '–')]
  })
  lines.push(
    '',
    'share of the budgets by seconds at which the row loses to the column (p < 0.05)',
    ...alignColumns([['', ...strategies, 'mean'], ...penalties]),
  )
  return lines.join('\n')
}

/** What all labels of the pool give, and the target taken from it. */
export function showReference({ fullPool, settings }: ExperimentResult): string {
  if (fullPool === undefined) return 'what all labels of the pool give is not known yet'
  const { ap50, ap } = fullPool
  const target = settings.targetFraction * ap50
  return (
    `all labels of the pool: AP50 ${ap50.toFixed(3)}${showSpread(fullPool)}, AP ${ap.toFixed(3)}; ` +
    `target AP50 ${target.toFixed(3)}`
  )
}

/** A difference to random with its interval, '[–]' for that of few seeds; '' where there is none. */
export function showDifference(difference: PairedDifference | undefined): string {
  if (difference === undefined) return ''
  const { delta, low, high } = difference
  return `${signed(delta)} ${showInterval(low, high, signed)}`
}

/** What the choice of the test images alone may change. */
function showSpread({ interval }: FullPoolReference): string {
  return interval === undefined
    ? ''
    : ` [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)} by bootstrap over the test images]`
}

/** A label saving in percent with its interval, '[–]' for that of few seeds; '' where it is not known for any. */
export function showSaving(saving: LabelSaving | undefined): string {
  if (saving?.mean === undefined) return ''
  const { mean, low, high } = saving
  // Not -0.
  const percent = (value: number): string => String(Math.round(100 * value) + 0)
  return `${percent(mean)} % ${showInterval(low, high, percent)}`
}

/** '[low, high]', or '[–]' where there is no interval. */
export function showInterval(
  low: number | undefined,
  high: number | undefined,
  show: (value: number) => string | undefined,
): string {
  return low === undefined || high === undefined ? '[–]' : `[${show(low)}, ${show(high)}]`
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(3)}`
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  return padColumns(rows).map((row) => row.join('  ').trimEnd())
}

/** The cells of each column filled up with blanks to one width. */
export function padColumns(rows: readonly (readonly string[])[]): string[][] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])))
}
