const focusable = 'button:enabled, input:enabled, select:enabled, a[href], [tabindex="0"]'

/** Keeps Tab inside a modal region: from its last control to its first and back. */
export function trapTab(event: KeyboardEvent, region: HTMLElement): void {
  const stops = [...region.querySelectorAll<HTMLElement>(focusable)].filter((element) =>
    element.checkVisibility(),
  )
  const first = stops[0]
  const last = stops.at(-1)
  if (first === undefined || last === undefined) return
  const active = document.activeElement
  if (event.shiftKey && (active === first || active === region)) {
    event.preventDefault()
    last.focus()
  } else if (!event.shiftKey && active === last) {
    event.preventDefault()
    first.focus()
  }
}
