/** Figures as the interface writes them. */

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** Decimal bytes with three significant digits at most: `1.2 MB`, `364 kB`, `0 B`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`
}

/** Seconds in words short enough for a status line: `8 s`, `2 min 05 s`, `1 h 12 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
  const minutes = Math.round(whole / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** Seconds as an estimate is told, no finer than it can be: `10 s`, `12 min`, `2.5 h`. */
export function roughDuration(seconds: number): string {
  if (seconds < 55) return `${10 * Math.max(1, Math.round(seconds / 10))} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.round(seconds / 360) / 10} h`
}

/** How long ago, coarse: `just now`, `5 min ago`, `3 h ago`, `yesterday`, `12 days ago`, then the date. */
export function formatAge(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`
  const days = Math.floor(minutes / (24 * 60))
  if (days === 1) return 'yesterday'
  if (days < 30) return `${days} days ago`
  return new Date(time).toISOString().slice(0, 10)
}

/** A count with its noun: `1 image`, `2,000 images`, `0 boxes`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** Figures with the minus sign that the interface writes, in place of a hyphen. */
export function withMinusSigns(figures: string): string {
  return figures.replaceAll('-', '−')
}
