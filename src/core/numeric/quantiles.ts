/** The arithmetic mean, summed in the order of the values; NaN without values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/** The middle value, of an even number the mean of the two middle ones; undefined without values. */
export function median(values: readonly number[]): number | undefined {
  return medianOfSorted([...values].sort((a, b) => a - b))
}

/** The same of values that ascend already. */
export function medianOfSorted(ascending: ArrayLike<number>): number | undefined {
  if (ascending.length === 0) return undefined
  const middle = (ascending.length - 1) / 2
  return (ascending[Math.floor(middle)] + ascending[Math.ceil(middle)]) / 2
}

/**
 * Quantile by linear interpolation between order statistics (Hyndman & Fan 1996, type 7).
 * @param ascending at least one value
 * @param share 0..1
 */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const place = share * (ascending.length - 1)
  const below = ascending[Math.floor(place)]
  const above = ascending[Math.ceil(place)]
  return below + (place - Math.floor(place)) * (above - below)
}
