import { afterAll, afterEach, expect, it } from 'vitest'
import type { ImageId } from '../../../src/core/dataset/types'
import { closeApps, closeWorkers, openApp } from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

it('another backend can be chosen while the engine starts', async () => {
  const { workspace } = await openApp()
  const { engine } = workspace
  expect(engine.override).toBe('wasm')
  const first = engine.ready()
  const outcomes = await Promise.allSettled([first, engine.choose('cpu')])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  expect(engine.info?.backend).toBe('cpu')
  expect(engine.state).toBe('ready')
  expect(engine.problem).toBeUndefined()
  expect(localStorage.getItem('margin.backend')).toBe('cpu')
  // Ready means started: no second worker is asked for.
  expect(await engine.ready()).toBe(engine.info)
})

it('the first call starts the engine', async () => {
  const { workspace } = await openApp()
  const { engine } = workspace
  expect(engine.state).toBe('off')
  const imageIds = ['image' as ImageId]
  expect(await engine.call('missingFeatures', { imageIds, projectionId: '' })).toEqual(imageIds)
  expect(engine.state).toBe('ready')
  expect(engine.info?.backend).toBe('wasm')
})

it('a backend under which the worker died twice is left for the fastest of the others', async () => {
  const { workspace } = await openApp()
  const { engine } = workspace
  await engine.ready()
  engine.reset()
  expect((await engine.ready()).backend).toBe('wasm')
  engine.reset()
  const info = await engine.ready()
  expect(info.backend).not.toBe('wasm')
  expect(info.probes.find(({ name }) => name === 'wasm')?.problem).toContain('stopped working')
})
