import type { ChartPalette } from './palette'

/** How a strategy looks in a chart and beside its name. */
export interface SeriesStyle {
  readonly color: string
  /** SVG dash pattern; undefined for a solid line. */
  readonly dash: string | undefined
}

/**
 * Styles of an experiment's strategies, in order: the baseline `random` is dashed and grey, the others have colours of their
 * own, broken lines from the ninth on.
 */
export function seriesStyles(
  strategies: readonly { readonly strategyId: string }[],
  palette: ChartPalette,
): SeriesStyle[] {
  let next = 0
  return strategies.map(({ strategyId }) => {
    if (strategyId === 'random') return { color: palette.faint, dash: '5 3' }
    const place = next++
    return {
      color: palette.series[place % palette.series.length],
      dash: place < palette.series.length ? undefined : '2 2',
    }
  })
}
