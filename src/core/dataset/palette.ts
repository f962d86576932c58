/**
 * Twenty colours, chosen by farthest-point search in Oklab among those that keep a contrast of
 * 3 : 1 and more (WCAG 2.2, 1.4.11) against white and against the dark theme's background. The
 * first ten were also kept apart as deuteranopes see them.
 */
export const CATEGORY_COLORS: readonly string[] = [
  '#2070e8',
  '#f80000',
  '#f838e0',
  '#107848',
  '#a88088',
  '#b03898',
  '#b060f8',
  '#906810',
  '#3098b0',
  '#e86870',
  '#28a800',
  '#606888',
  '#f80088',
  '#b84048',
  '#789860',
  '#c88018',
  '#8888d8',
  '#7840f8',
  '#d068b8',
  '#b000d8',
]

/** Keyboard keys that select a category, in category order. */
export const CATEGORY_KEYS: readonly string[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']

/** Colour of the category at a 0-based position; starts over after twenty. */
export function categoryColor(order: number): string {
  return CATEGORY_COLORS[order % CATEGORY_COLORS.length]
}

/** Keyboard key of the category at a 0-based position: '1'..'9', then '0', then '' for none. */
export function categoryKey(order: number): string {
  return CATEGORY_KEYS[order] ?? ''
}
