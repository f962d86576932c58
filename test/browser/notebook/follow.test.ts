/** A cell that is kept in its place while the page above it grows. */
import { afterEach, expect, test, vi } from 'vitest'
import { follow } from '../../../src/ui/notebook/follow'

const room = 300
let end: (() => void) | undefined

afterEach(() => {
  end?.()
  document.body.replaceChildren()
  window.scrollTo({ top: 0 })
})

/** A page of one cell that grows, one that is followed, and much below. */
function layPage() {
  document.body.innerHTML =
    '<div><div style="height: 2000px"></div><div id="followed" style="height: 100px"></div><div style="height: 2000px"></div></div>'
  const [above, followed] = document.querySelectorAll<HTMLElement>('body > div > div')
  if (above === undefined || followed === undefined) throw new Error('The page has no cells.')
  return { above, top: () => followed.getBoundingClientRect().top }
}

const nextScroll = () =>
  new Promise((resolve) => {
    window.addEventListener('scroll', resolve, { once: true })
  })

test('what grows before the page hears of its own scroll does not end it', async () => {
  const { above, top } = layPage()
  const place = window.innerHeight - room
  const scrolled = nextScroll()
  end = follow('followed', room)
  expect(top()).toBeCloseTo(place, 0)
  // The listener of `follow` hears of its scroll when the cell above has grown, before anything is laid out again.
  window.addEventListener('scroll', () => (above.style.height = '2160px'), {
    once: true,
    capture: true,
  })
  await scrolled
  await vi.waitFor(() => expect(top()).toBeCloseTo(place, 0))
  above.style.height = '2500px'
  await vi.waitFor(() => expect(top()).toBeCloseTo(place, 0))
})

test('whoever scrolls away is not pulled back', async () => {
  const { above } = layPage()
  end = follow('followed', room)
  await nextScroll()
  const away = nextScroll()
  window.scrollTo({ top: 100, behavior: 'instant' })
  await away
  above.style.height = '2500px'
  await new Promise(requestAnimationFrame)
  await new Promise(requestAnimationFrame)
  expect(window.scrollY).toBe(100)
})
