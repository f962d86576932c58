import { afterEach, expect, test } from 'vitest'
import { holdProject, type ProjectHold } from '../../../src/storage/database/locks'
import { projectId } from './fixtures'

const holds: ProjectHold[] = []
afterEach(async () => {
  for (const hold of holds.splice(0)) await hold.release()
})

/** A tab's attempt, with a promise for the moment it is told that it lost the project. */
async function tab(id: string) {
  let lose = () => {}
  const lost = new Promise<void>((resolve) => {
    lose = resolve
  })
  let losses = 0
  const hold = await holdProject(projectId(id), () => {
    losses++
    lose()
  })
  holds.push(hold)
  return { hold, lost, losses: () => losses }
}

test('only the first of two tabs holds a project; other projects are free', async () => {
  const first = await tab('a')
  const second = await tab('a')
  const elsewhere = await tab('b')
  expect([first.hold.held, second.hold.held, elsewhere.hold.held]).toEqual([true, false, true])
})

test('after release the next one gets it, and the one that released is not told it lost', async () => {
  const first = await tab('a')
  await first.hold.release()
  expect(first.hold.held).toBe(false)
  const second = await tab('a')
  expect(second.hold.held).toBe(true)
  expect(first.losses()).toBe(0)
})

test('taking over tells the loser, who no longer holds it', async () => {
  const first = await tab('a')
  const second = await tab('a')
  await second.hold.takeOver()
  await first.lost
  expect([first.hold.held, second.hold.held]).toEqual([false, true])
  expect((await tab('a')).hold.held).toBe(false)

  // The loser's release must not end the hold of the one who took over.
  await first.hold.release()
  expect((await tab('a')).hold.held).toBe(false)

  await first.hold.takeOver()
  await second.lost
  expect([first.hold.held, second.hold.held]).toEqual([true, false])
  expect([first.losses(), second.losses()]).toEqual([1, 1])
})

test('taking over what is already held changes nothing', async () => {
  const first = await tab('a')
  await first.hold.takeOver()
  expect(first.hold.held).toBe(true)
  expect(first.losses()).toBe(0)
})

test('a tab that dies frees its projects', async () => {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  const theirs = frame.contentWindow?.navigator.locks
  await new Promise<void>((resolve) => {
    void theirs
      ?.request('margin:project:a', () => {
        resolve()
        return new Promise(() => {})
      })
      .catch(() => {})
  })
  expect((await tab('a')).hold.held).toBe(false)
  frame.remove()
  await expect.poll(async () => (await tab('a')).hold.held).toBe(true)
})
