import { tick } from 'svelte'
import type { ProjectSession } from '../../app/project-session.svelte'

/** So long after a scroll its place is kept. */
const saveDelay = 300
/** Frames to wait for cells that measure themselves before they have their height. */
const patience = 30

/**
 * Brings the page to where the user left it and keeps that place from then on.
 * @param onscroll called with every scroll, and once at the start.
 * @returns ends it.
 */
export function keepScroll(session: ProjectSession, onscroll: () => void): () => void {
  const ended = new AbortController()
  const { signal } = ended
  let timer: ReturnType<typeof setTimeout> | undefined
  let wanted: number | undefined = session.scrollTop

  const settle = (frames: number): void => {
    if (signal.aborted || wanted === undefined) return
    window.scrollTo({ top: wanted, behavior: 'instant' })
    if (frames > 0 && Math.abs(window.scrollY - wanted) > 1)
      requestAnimationFrame(() => settle(frames - 1))
    else wanted = undefined
  }
  const save = (): void => {
    session.scrollTop = window.scrollY
    // The place is a convenience: failing to keep it is not worth a message.
    session.saveUiState().catch(() => undefined)
  }

  // Whoever moves the page is not pulled back.
  for (const type of ['wheel', 'touchmove', 'keydown', 'pointerdown'])
    window.addEventListener(type, () => (wanted = undefined), { signal, passive: true })
  window.addEventListener(
    'scroll',
    () => {
      onscroll()
      if (wanted !== undefined) return
      clearTimeout(timer)
      timer = setTimeout(save, saveDelay)
    },
    { signal, passive: true },
  )
  void tick().then(() => {
    settle(patience)
    onscroll()
  })
  return () => {
    clearTimeout(timer)
    ended.abort()
  }
}
