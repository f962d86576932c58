import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Watchdog } from '../../../src/rpc/watchdog'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watchdog() {
  const onSilence = vi.fn()
  return { dog: new Watchdog(1000, onSilence), onSilence }
}

it('calls out once, after its limit', () => {
  const { dog, onSilence } = watchdog()
  dog.start()
  vi.advanceTimersByTime(999)
  expect(onSilence).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onSilence).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(10_000)
  expect(onSilence).toHaveBeenCalledTimes(1)
})

it('waits anew from what it hears, but not from a second start', () => {
  const { dog, onSilence } = watchdog()
  dog.start()
  vi.advanceTimersByTime(900)
  dog.heard()
  vi.advanceTimersByTime(900)
  dog.start()
  expect(onSilence).not.toHaveBeenCalled()
  vi.advanceTimersByTime(100)
  expect(onSilence).toHaveBeenCalledTimes(1)
})

it('says nothing once stopped, and begins from nothing when started again', () => {
  const { dog, onSilence } = watchdog()
  dog.start()
  vi.advanceTimersByTime(900)
  dog.stop()
  vi.advanceTimersByTime(5000)
  dog.start()
  vi.advanceTimersByTime(900)
  expect(onSilence).not.toHaveBeenCalled()
  vi.advanceTimersByTime(100)
  expect(onSilence).toHaveBeenCalledTimes(1)
})

it('must not take the sleep of the machine for silence', () => {
  const { dog, onSilence } = watchdog()
  dog.start()
  vi.setSystemTime(Date.now() + 3600_000)
  vi.advanceTimersByTime(900)
  expect(onSilence).not.toHaveBeenCalled()
})
