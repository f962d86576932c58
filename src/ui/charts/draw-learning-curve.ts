import * as Plot from '@observablehq/plot'
import { strategyName } from '../../core/experiment/replay/strategy-names'
import type { CurvePoint, LearningCurve } from '../../core/notebook/curve-types'
import type { CurveCell, EstimateKind } from '../../core/notebook/types'
import { formatDuration } from '../controls/format'
import type { ChartPalette } from './palette'
import { plotSvg } from './plot'

export type CurveAxis = CurveCell['xAxis']

interface Options {
  readonly width: number
  readonly height: number
  readonly xAxis: CurveAxis
  readonly palette: ChartPalette
  /** Shows a round's figures under the pointer. */
  readonly tips: boolean
}

/** One marker: a figure of one round. */
interface Marker {
  readonly point: CurvePoint
  readonly metric: 'AP50' | 'AP'
  readonly x: number
  readonly y: number
}

/** From here on the axis of labelling effort counts minutes. */
const longEffort = 300

/** Where the figures of a round come from, in words. */
export function estimateName(estimate: EstimateKind | undefined): string {
  return estimate === 'out-of-fold' ? 'out-of-fold estimate' : 'test split'
}

/**
 * AP50 and AP, 0..1, against the labelling effort so far, one marker a round: a disc on the test split, a hollow
 * diamond for an out-of-fold estimate. Lines join figures of one kind only, because the two do not compare. Rounds
 * without a figure have no marker. Without any the axes stand alone.
 */
export function drawLearningCurve(curve: LearningCurve, options: Options): SVGSVGElement {
  const { width, height, xAxis, palette } = options
  const longest = Math.max(0, ...curve.map((point) => point[xAxis] ?? 0))
  const { unit, label } = effortAxis(xAxis, longest)
  const ticks = Math.max(3, Math.round(width / 110))
  const markers = curve.flatMap((point) => markersOf(point, point[xAxis], unit))
  const kinds = new Set(markers.map(({ point }) => point.estimate))
  return plotSvg(
    {
      width,
      height,
      marginLeft: 36,
      marginRight: 40,
      marginTop: 26,
      marginBottom: 36,
      x: {
        domain: [0, longest === 0 ? 100 : (longest / unit) * 1.03],
        label,
        labelAnchor: 'center',
        labelArrow: 'none',
        // Half an image is none.
        ticks: xAxis === 'seconds' || longest === 0 ? ticks : Math.min(ticks, longest),
      },
      y: { domain: [0, 1], label: 'Average precision', labelArrow: 'none', ticks: 5 },
      marks: [
        Plot.gridY({ stroke: palette.grid, strokeOpacity: 1, ticks: 5 }),
        Plot.ruleY([0], { stroke: palette.faint }),
        ...series('AP', markers, palette, palette.second),
        ...series('AP50', markers, palette, palette.first),
        Plot.text([[...kinds].map(legendLine).join('   ')], {
          text: (line: string) => line,
          frameAnchor: 'top-right',
          dy: -20,
          dx: 30,
          fill: palette.faint,
        }),
        ...(options.tips ? [tip(markers, palette)] : []),
      ],
    },
    palette,
  )
}

/** @param effort undefined where it was not logged: the round has no marker then */
function markersOf(point: CurvePoint, effort: number | undefined, unit: number): Marker[] {
  if (effort === undefined) return []
  const { ap50, ap } = point
  const x = effort / unit
  return [
    ...(ap50 === undefined ? [] : [{ point, metric: 'AP50' as const, x, y: ap50 }]),
    ...(ap === undefined ? [] : [{ point, metric: 'AP' as const, x, y: ap }]),
  ]
}

function series(
  metric: Marker['metric'],
  all: readonly Marker[],
  palette: ChartPalette,
  color: string,
): Plot.Markish[] {
  const markers = all.filter((marker) => marker.metric === metric)
  const onTest = markers.filter(({ point }) => point.estimate !== 'out-of-fold')
  const outOfFold = markers.filter(({ point }) => point.estimate === 'out-of-fold')
  const place = { x: 'x', y: 'y', ariaLabel: describe } as const
  return [
    Plot.line(markers, {
      x: 'x',
      y: 'y',
      z: ({ point }: Marker) => point.estimate,
      stroke: color,
      strokeWidth: 2,
    }),
    Plot.dot(onTest, { ...place, r: 4, fill: color, stroke: palette.background, strokeWidth: 1.5 }),
    Plot.dot(outOfFold, {
      ...place,
      r: 4.5,
      symbol: 'diamond',
      fill: palette.background,
      stroke: color,
      strokeWidth: 1.5,
    }),
    Plot.text(markers.slice(-1), {
      x: 'x',
      y: 'y',
      text: 'metric',
      dx: 9,
      textAnchor: 'start',
      fill: color,
      fontWeight: 600,
    }),
  ]
}

function tip(markers: readonly Marker[], palette: ChartPalette): Plot.Markish {
  return Plot.tip(
    markers,
    Plot.pointer({
      x: 'x',
      y: 'y',
      title: ({ point }: Marker) =>
        [
          `Round ${point.roundIndex} · ${strategyName(point.strategyId)}`,
          `AP50 ${figure(point.ap50)}   AP ${figure(point.ap)}`,
          `${point.images} images · ${point.boxes} boxes · ${formatDuration(point.seconds)}`,
          estimateName(point.estimate),
        ].join('\n'),
      fill: palette.background,
      stroke: palette.faint,
      textPadding: 10,
      lineHeight: 1.4,
    }),
  )
}

function describe({ point, metric, y }: Marker): string {
  return `Round ${point.roundIndex}: ${metric} ${figure(y)}, ${estimateName(point.estimate)}`
}

function legendLine(kind: EstimateKind | undefined): string {
  return kind === 'out-of-fold' ? '◇ out-of-fold estimate' : '● test split'
}

/** How an axis of labelling effort is drawn: named, and divided into `unit`s of what it counts. */
export function effortAxis(
  xAxis: CurveAxis,
  longest: number,
): { readonly unit: number; readonly label: string } {
  switch (xAxis) {
    case 'images':
      return { unit: 1, label: 'Labelled images' }
    case 'boxes':
      return { unit: 1, label: 'Labelled boxes' }
    case 'clicks':
      return { unit: 1, label: 'Labelling effort (clicks and keys)' }
    case 'seconds':
      return longest > longEffort
        ? { unit: 60, label: 'Labelling effort (minutes)' }
        : { unit: 1, label: 'Labelling effort (seconds)' }
  }
}

/** AP as the field writes it: three decimals. */
export function figure(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(3)
}
