import * as Plot from '@observablehq/plot'
import type { ReliabilityBin } from '../../core/calibration/reliability'
import type { ChartPalette } from './palette'
import { plotSvg } from './plot'
import { unitAxes } from './unit-axes'

interface Options {
  readonly width: number
  readonly height: number
  readonly palette: ChartPalette
}

/**
 * A reliability diagram: the precision of each bin of scores as a bar, its mean score as a tick at the height it should
 * have, and the diagonal on which both are equal. Paler bars rest on fewer than ten detections.
 */
export function drawReliability(
  bins: readonly ReliabilityBin[],
  { width, height, palette }: Options,
): SVGSVGElement {
  const filled = bins.filter(({ count }) => count > 0)
  return plotSvg(
    {
      width,
      height,
      ...unitAxes('Score', 'Share of right boxes'),
      marks: [
        Plot.gridY({ stroke: palette.grid, strokeOpacity: 1, ticks: 5 }),
        Plot.rectY(filled, {
          x1: 'from',
          x2: 'to',
          y: 'precision',
          inset: 1,
          fill: palette.first,
          fillOpacity: ({ count }: ReliabilityBin) => (count < 10 ? 0.35 : 0.8),
          ariaLabel: describe,
        }),
        Plot.link([0], {
          x1: 0,
          y1: 0,
          x2: 1,
          y2: 1,
          stroke: palette.faint,
          strokeDasharray: '4 3',
        }),
        Plot.ruleY(filled, {
          x1: 'from',
          x2: 'to',
          y: 'meanScore',
          stroke: palette.text,
          strokeWidth: 1.5,
        }),
        Plot.ruleY([0], { stroke: palette.faint }),
        Plot.tip(
          filled,
          Plot.pointerX({
            x: ({ from, to }: ReliabilityBin) => (from + to) / 2,
            y: 'precision',
            title: describe,
            fill: palette.background,
            stroke: palette.faint,
            textPadding: 10,
            lineHeight: 1.4,
          }),
        ),
      ],
    },
    palette,
  )
}

function describe({ from, to, count, meanScore = 0, precision = 0 }: ReliabilityBin): string {
  return (
    `${count.toLocaleString('en')} boxes scored ${from.toFixed(1)} to ${to.toFixed(1)}\n` +
    `mean score ${meanScore.toFixed(2)}, ${(100 * precision).toFixed(0)} % right`
  )
}
