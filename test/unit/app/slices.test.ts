import { expect, test } from 'vitest'
import { inSlices } from '../../../src/app/state/slices'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

/** Takes half as long as a task may. */
function work(): void {
  const begin = performance.now()
  while (performance.now() - begin < 5);
}

test('every item is used once, in order, and the last slice tells that all are done', async () => {
  const used: number[] = []
  let told = 0
  await inSlices(
    numbers(1000),
    new AbortController().signal,
    (item) => used.push(item),
    (done) => {
      expect(done).toBe(used.length)
      told = done
    },
  )
  expect(used).toEqual(numbers(1000))
  expect(told).toBe(1000)
})

test('other tasks run before, and in between', async () => {
  let turns = 0
  const others = setInterval(() => turns++)
  const seen: number[] = []
  await inSlices(numbers(40), new AbortController().signal, () => {
    work()
    seen.push(turns)
  })
  clearInterval(others)
  expect(new Set(seen).size).toBeGreaterThan(2)
})

test('an abort ends it before the next slice, with the reason', async () => {
  const controller = new AbortController()
  let used = 0
  const working = inSlices(numbers(1000), controller.signal, () => {
    work()
    if (++used === 10) controller.abort(new DOMException('Cancelled', 'AbortError'))
  })
  await expect(working).rejects.toThrow('Cancelled')
  expect(used).toBeLessThan(1000)

  await expect(inSlices(numbers(1), controller.signal, () => used++)).rejects.toThrow('Cancelled')
  expect(used).toBeLessThan(1000)
})
