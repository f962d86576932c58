import { plot, type PlotOptions } from '@observablehq/plot'
import type { ChartPalette } from './palette'

/** A plot without legend or caption, which is then a single SVG element; text in the given colours. */
export function plotSvg(options: PlotOptions, palette: ChartPalette): SVGSVGElement {
  const chart = plot({
    ...options,
    style: {
      background: 'none',
      color: palette.text,
      fontFamily: 'system-ui, sans-serif',
      fontSize: '11px',
      fontVariant: 'tabular-nums',
      overflow: 'visible',
    },
  })
  if (!(chart instanceof SVGSVGElement))
    throw new Error('The chart has a legend or a caption; it cannot be one SVG element.')
  return chart
}
