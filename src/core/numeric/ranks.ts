/**
 * The rank of each value divided by their number: in (0, 1], the highest nearest to 1. Equal values share the mean of their
 * ranks.
 */
export function fractionalRanks(values: readonly number[]): Float64Array {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b])
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length;) {
    let end = start + 1
    while (end < order.length && values[order[end]] === values[order[start]]) end++
    // Ranks start + 1 .. end are shared.
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2 / values.length
    start = end
  }
  return ranks
}
