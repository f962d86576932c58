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
  // 'auto' where no style sheet sets it.
  const margin = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0
  const above = (): number => element.getBoundingClientRect().top
  let place = margin
  /** Where this function last left the page. */
  let left = window.scrollY
  /** How far down the window the page can be brought at most. */
  const reachable = (): boolean =>
    window.scrollY < document.documentElement.scrollHeight - window.innerHeight - tolerance

  const settle = (): void => {
    const away = above() - place
    if (Math.abs(away) > 1) window.scrollBy({ top: away, behavior: 'instant' })
    left = window.scrollY
  }
  const choosePlace = (): void => {
    place = Math.max(margin, window.innerHeight - room)
    settle()
  }
  const scroller = document.documentElement
  const end = (): void => {
    observer.disconnect()
    ended.abort()
    scroller.style.removeProperty('overflow-anchor')
  }
  /** What grew since the page was moved shifts the cell as well; only a page that stands elsewhere was scrolled. */
  const endIfScrolled = (): boolean => {
    const isElsewhere = Math.abs(window.scrollY - left) > tolerance
    const isScrolled = isElsewhere && Math.abs(above() - place) > tolerance && reachable()
    if (isScrolled) end()
    return isScrolled
  }
  // The observer runs after layout and before paint: what grew above never shows the cell elsewhere.
  const observer = new ResizeObserver(() => {
    if (!endIfScrolled()) settle()
  })
  // Two that keep a place at once would work against each other.
  scroller.style.setProperty('overflow-anchor', 'none')
  if (element.parentElement !== null) observer.observe(element.parentElement)
  window.addEventListener('resize', choosePlace, { signal: ended.signal })
  window.addEventListener('scroll', endIfScrolled, { signal: ended.signal, passive: true })
  choosePlace()
  return end
}
