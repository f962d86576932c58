import * as Plot from '@observablehq/plot'
import type { ExperimentFigures } from '../../core/experiment/statistics/figures'
import type { ExperimentAxis, ExperimentState } from '../../core/experiment/replay/replay-types'
import { isRunOf } from '../../core/experiment/replay/shares'
import { showInterval } from '../../core/experiment/files/experiment-table'
import { effortAxis, figure } from './draw-learning-curve'
import type { ChartPalette } from './palette'
import { plotSvg } from './plot'
import { seriesStyles, type SeriesStyle } from './series'

/** What the chart shows of an experiment. */
export interface ExperimentCurves {
  readonly state: ExperimentState
  readonly figures: ExperimentFigures
  /** In the order of the strategies. */
  readonly names: readonly string[]
}

interface Options {
  readonly width: number
  readonly height: number
  readonly xAxis: ExperimentAxis
  /** Of what all labels of the pool give; AP50 itself while that is not known. */
  readonly asFraction: boolean
  readonly palette: ChartPalette
  /** Shows figures under the pointer. */
  readonly tips: boolean
  /** Names the lines at the right edge: for a file, which has no table beside it. */
  readonly legend: boolean
}

interface BandMark {
  readonly name: string
  readonly x: number
  readonly mean: number
  /** Undefined where a single run is finished. */
  readonly low: number | undefined
  readonly high: number | undefined
}

interface Dot {
  readonly x: number
  readonly y: number
}

interface Series {
  readonly name: string
  readonly style: SeriesStyle
  readonly band: readonly BandMark[]
  /** Of the runs that are not at their end, the points of each. */
  readonly underWay: readonly (readonly Dot[])[]
}

/** Pixels beside a file's chart for the names of its lines, if they are not longer; half the width is the most. */
const leastLegend = 190
/** What a letter of them takes on average, and what stands before the first. */
const legendLetter = 6
const legendInset = 38
/** Of the letters: line widths are given in it. */
const legendFontSize = 11

/**
 * Mean AP50 of each strategy's finished runs against the labelling effort, with its bootstrap 95 % band; the points of runs
 * under way as dots, joined where no run of the strategy is finished, so that it never has two lines; the target and what
 * all labels of the pool give as rules.
 */
export function drawExperiment(curves: ExperimentCurves, options: Options): SVGSVGElement {
  const { width, height, palette, legend } = options
  const { state } = curves
  const full = state.fullPool?.ap50
  const scale = options.asFraction && full !== undefined && full > 0 ? full : 1
  const { series, label } = seriesOf(curves, options, scale)
  const target = full === undefined ? undefined : (full * state.settings.targetFraction) / scale
  const marks = series.flatMap(({ band, underWay }) => [
    ...band.flatMap(({ mean, low, high }) => [low ?? mean, high ?? mean]),
    ...underWay.flat().map(({ y }) => y),
  ])
  const rules = [target, full === undefined ? undefined : full / scale].filter(
    (value) => value !== undefined,
  )
  const longest = Math.max(...series.map(({ name }) => name.length))
  const legendRoom = Math.min(
    width / 2,
    Math.max(leastLegend, legendInset + legendLetter * longest),
  )
  return plotSvg(
    {
      width,
      height,
      marginLeft: 40,
      marginRight: legend ? legendRoom : 16,
      marginTop: 26,
      marginBottom: 36,
      x: {
        label,
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: Math.max(3, Math.round(width / 110)),
        ...(marks.length === 0 && { domain: [0, 100] }),
      },
      y: {
        domain: marks.length === 0 ? [0, 1] : extent([...marks, ...rules]),
        label: scale === 1 ? 'AP50' : 'AP50, share of the full pool’s',
        labelArrow: 'none',
        ticks: 6,
        ...(scale !== 1 && { tickFormat: (value: number) => `${Math.round(100 * value)} %` }),
      },
      marks: [
        Plot.gridY({ stroke: palette.grid, strokeOpacity: 1, ticks: 6 }),
        ...ruleMarks(rules, palette),
        ...series.flatMap((one) => seriesMarks(one)),
        ...(legend ? legendMarks(series, palette, legendRoom) : []),
        ...(options.tips ? [tip(series, palette, scale)] : []),
      ],
    },
    palette,
  )
}

function seriesOf(
  { state, figures, names }: ExperimentCurves,
  { xAxis, palette }: Options,
  scale: number,
): { readonly series: readonly Series[]; readonly label: string } {
  const { strategies, rounds } = state.settings
  const points = state.runs.flatMap((run) => run.rounds.flatMap(({ point }) => point ?? []))
  const { unit, label } = effortAxis(xAxis, Math.max(0, ...points.map((point) => point[xAxis])))
  const styles = seriesStyles(strategies, palette)
  const series = strategies.map(({ id }, index): Series => {
    const band = figures.strategies.find((other) => other.id === id)?.axes[xAxis].band ?? []
    const underWay = state.runs.filter(
      (run) =>
        run.strategy === id &&
        isRunOf(state.settings, id, run.seed) &&
        run.rounds.at(rounds - 1)?.point === undefined,
    )
    return {
      name: names[index] ?? id,
      style: styles[index],
      band: band.map(({ place, mean, low, high }) => ({
        name: names[index] ?? id,
        x: place / unit,
        mean: mean / scale,
        low: low === undefined ? undefined : low / scale,
        high: high === undefined ? undefined : high / scale,
      })),
      underWay: underWay.map((run) =>
        run.rounds.flatMap(({ point }) =>
          point === undefined ? [] : [{ x: point[xAxis] / unit, y: point.ap50 / scale }],
        ),
      ),
    }
  })
  return { series, label }
}

function seriesMarks({ style, band, underWay }: Series): Plot.Markish[] {
  const { color, dash } = style
  const farthest = underWay.toSorted((a, b) => b.length - a.length).slice(0, 1)
  const line = band.length > 0 ? band.map(({ x, mean }) => ({ x, y: mean })) : farthest.flat()
  return [
    Plot.areaY(band, { x: 'x', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.13 }),
    Plot.line(line, {
      x: 'x',
      y: 'y',
      stroke: color,
      strokeWidth: 2,
      ...(dash !== undefined && { strokeDasharray: dash }),
    }),
    Plot.dot(underWay.flat(), { x: 'x', y: 'y', r: 2.5, fill: color }),
  ]
}

/** The target, and what all labels of the pool give. */
function ruleMarks([target, full]: readonly number[], palette: ChartPalette): Plot.Markish[] {
  if (target === undefined || full === undefined) return []
  const rules = [
    { y: full, name: 'all labels' },
    { y: target, name: 'target' },
  ]
  return [
    Plot.ruleY(rules, { y: 'y', stroke: palette.faint, strokeDasharray: '1 3' }),
    Plot.text(rules, {
      y: 'y',
      text: 'name',
      // Curves begin well below.
      frameAnchor: 'left',
      dx: 4,
      dy: -7,
      fill: palette.faint,
    }),
  ]
}

function legendMarks(
  series: readonly Series[],
  palette: ChartPalette,
  room: number,
): Plot.Markish[] {
  const line = 16
  return series.flatMap(({ name, style }, index) => [
    Plot.text([name], {
      text: (text: string) => text,
      frameAnchor: 'top-right',
      textAnchor: 'start',
      dx: 30,
      dy: index * line,
      lineWidth: (room - legendInset) / legendFontSize,
      textOverflow: 'ellipsis',
      fill: palette.text,
    }),
    Plot.text([style.dash === undefined ? '━━' : '╍╍'], {
      text: (text: string) => text,
      frameAnchor: 'top-right',
      textAnchor: 'start',
      dx: 8,
      dy: index * line,
      fill: style.color,
    }),
  ])
}

function tip(series: readonly Series[], palette: ChartPalette, scale: number): Plot.Markish {
  const show = (value: number): string =>
    scale === 1 ? figure(value) : `${(100 * value).toFixed(0)} %`
  return Plot.tip(
    series.flatMap(({ band }) => band),
    Plot.pointer({
      x: 'x',
      y: 'mean',
      title: ({ name, x, mean, low, high }: BandMark) =>
        `${name}\n${show(mean)} ${showInterval(low, high, show)} at ${x.toFixed(0)}`,
      fill: palette.background,
      stroke: palette.faint,
      textPadding: 10,
      lineHeight: 1.4,
    }),
  )
}

/** The values' range, with a little room. */
function extent(values: readonly number[]): [number, number] {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const room = 0.04 * Math.max(high - low, 0.05)
  return [Math.max(0, low - room), high + room]
}
