import { afterEach, expect, it } from 'vitest'
import { Pacer, workerGate, workerHeartbeat } from '../../../../src/engine/device/pacing'

afterEach(() => {
  workerGate.open()
  workerHeartbeat.isAlive()
})

const pacer = () => new Pacer(new AbortController().signal)

it('a heartbeat tells whether work drew breath since the last one', async () => {
  expect(workerHeartbeat.isAlive()).toBe(false)
  await pacer().breathe()
  expect(workerHeartbeat.isAlive()).toBe(true)
  expect(workerHeartbeat.isAlive()).toBe(false)
})

it('work that is held is alive for as long as it is held', async () => {
  workerGate.close()
  const held = pacer().breathe()
  for (let beat = 0; beat < 3; beat++) expect(workerHeartbeat.isAlive()).toBe(true)
  workerGate.open()
  await held
  expect(workerHeartbeat.isAlive()).toBe(false)
})
