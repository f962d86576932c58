/** Colours of a chart: of the page's theme on screen, fixed ones in a file. */
export interface ChartPalette {
  readonly background: string
  readonly text: string
  readonly faint: string
  readonly grid: string
  /** The main series (AP50, the loss). */
  readonly first: string
  /** The second series (AP). */
  readonly second: string
  /** Of strategies that are compared. */
  readonly series: readonly string[]
}

/** The page's own tokens, so that a change of theme recolours a chart without drawing it again. */
export const screenPalette: ChartPalette = {
  background: 'var(--bg)',
  text: 'var(--text-2)',
  faint: 'var(--text-3)',
  grid: 'var(--border)',
  first: 'var(--accent)',
  second: 'var(--text-3)',
  series: Array.from({ length: 8 }, (_, index) => `var(--series-${index + 1})`),
}

/** Literal colours on white, whatever the theme: an exported chart stands on its own. */
export const printPalette: ChartPalette = {
  background: '#ffffff',
  text: '#4d525e',
  faint: '#626875',
  grid: '#e2e4e9',
  first: '#3b5bdb',
  second: '#626875',
  series: ['#3b5bdb', '#c2410c', '#0f766e', '#a21caf', '#4d7c0f', '#b91c1c', '#7c5a2c', '#0369a1'],
}
