/** Frame of a small chart of two shares, 0..1 on both axes. */
export function unitAxes(xLabel: string, yLabel: string) {
  const axis = { domain: [0, 1], labelArrow: 'none', ticks: 5 } as const
  return {
    marginLeft: 36,
    marginRight: 10,
    marginTop: 24,
    marginBottom: 36,
    x: { ...axis, label: xLabel, labelAnchor: 'center' },
    y: { ...axis, label: yLabel },
  } as const
}
