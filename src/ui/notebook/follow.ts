/** Pixels a cell may be away from its place by rounding. */
const tolerance = 4

/**
 * Brings an element into sight and keeps it where it is in the window while the page above it grows. Whoever scrolls
 * away ends it.
 * @param id of the element
 * @param room pixels to keep below its top; what is left of the window shows what is at work above it.
 * @returns ends it.
 */
export function follow(id: string, room: number): () => void {
  const element = document.getElementById(id)
  if (element === null) return () => undefined
  const ended = new AbortController()
  const margin = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop)
  const above = (): number => element.getBoundingClientRect().top
  let place = margin
  /** How far down the window the page can be brought at most. */
  const reachable = (): boolean =>
    window.scrollY < document.documentElement.scrollHeight - window.innerHeight - tolerance

  const settle = (): void => {
    const away = above() - place
    if (Math.abs(away) > 1) window.scrollBy({ top: away, behavior: 'instant' })
  }
  const choosePlace = (): void => {
    place = Math.max(margin, window.innerHeight - room)
    settle()
  }
  // The observer runs after layout and before paint: what grew above never shows the cell elsewhere.
  const observer = new ResizeObserver(settle)
  const end = (): void => {
    observer.disconnect()
    ended.abort()
  }
  if (element.parentElement !== null) observer.observe(element.parentElement)
  window.addEventListener('resize', choosePlace, { signal: ended.signal })
  window.addEventListener(
    'scroll',
    () => {
      if (Math.abs(above() - place) > tolerance && reachable()) end()
    },
    { signal: ended.signal, passive: true },
  )
  choosePlace()
  return end
}
