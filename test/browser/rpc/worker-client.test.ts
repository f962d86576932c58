import { afterEach, describe, expect, it, vi } from 'vitest'
import { WorkerClient, WorkerDiedError } from '../../../src/rpc/client'
import type { Watch } from '../../../src/rpc/types'
import type { TestMethods } from './test-methods'

const open: WorkerClient<TestMethods>[] = []
afterEach(() => {
  for (const client of open.splice(0)) client.close()
})

function connect(
  onDeath?: (error: WorkerDiedError) => void,
  watch?: Watch<TestMethods>,
): WorkerClient<TestMethods> {
  const client = new WorkerClient<TestMethods>(
    () => new Worker(new URL('./test-worker.ts', import.meta.url), { type: 'module' }),
    onDeath,
    watch,
  )
  open.push(client)
  return client
}

describe('WorkerClient', () => {
  it('answers each call with its own result', async () => {
    const client = connect()
    const sums = await Promise.all([1, 2, 3].map((a) => client.call('add', { a, b: 10 })))
    expect(sums).toEqual([11, 12, 13])
  })

  it('passes errors on with name and message, and goes on', async () => {
    const client = connect()
    await expect(client.call('fail', { message: 'too far' })).rejects.toMatchObject({
      name: 'RangeError',
      message: 'too far',
    })
    await expect(client.call('throwText', { message: 'plain text' })).rejects.toThrow('plain text')
    await expect(client.call('unclonable', undefined)).rejects.toThrow(/could not be cloned/)
    await expect(client.call('nothing' as 'add', { a: 1, b: 1 })).rejects.toThrow(
      "The worker knows no method 'nothing'.",
    )
    expect(await client.call('add', { a: 1, b: 1 })).toBe(2)
  })

  it('reports events in order before the result', async () => {
    const seen: (number | string)[] = []
    const result = await connect().call(
      'countDown',
      { from: 3 },
      { onEvent: ({ left }) => seen.push(left) },
    )
    seen.push(result)
    expect(seen).toEqual([3, 2, 1, 'done'])
  })

  it('transfers buffers instead of copying them', async () => {
    const bytes = new Uint8Array([1, 2, 3])
    expect(await connect().call('sumBytes', { bytes }, { transfer: [bytes.buffer] })).toBe(6)
    expect(bytes.byteLength).toBe(0)
  })

  it('rejects params that cannot be sent', async () => {
    const client = connect()
    const bad = { a: 1, b: (() => 1) as unknown as number }
    await expect(client.call('add', bad)).rejects.toThrow(/could not be cloned/)
    expect(await client.call('add', { a: 1, b: 1 })).toBe(2)
  })

  it('must reject with the reason when cancelled, and abort the handler', async () => {
    const client = connect()
    const controller = new AbortController()
    const call = client.call('hang', undefined, { signal: controller.signal })
    await client.call('count', undefined)
    controller.abort(new Error('the user pressed stop'))
    await expect(call).rejects.toThrow('the user pressed stop')
    expect(await client.call('abortedCalls', undefined)).toBe(1)
  })

  it('must report no events after a cancellation', async () => {
    const client = connect()
    const controller = new AbortController()
    const seen: number[] = []
    const call = client.call(
      'countDown',
      { from: 1000 },
      {
        signal: controller.signal,
        onEvent: ({ left }) => {
          seen.push(left)
          if (left === 999) controller.abort()
        },
      },
    )
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    await client.call('countDown', { from: 3 })
    expect(seen).toEqual([1000, 999])
  })

  it('must not start a worker for a call that is cancelled already', async () => {
    const spawn = vi.fn((): Worker => {
      throw new Error('must not be called')
    })
    const client = new WorkerClient<TestMethods>(spawn)
    await expect(
      client.call('add', { a: 1, b: 1 }, { signal: AbortSignal.abort(new Error('before')) }),
    ).rejects.toThrow('before')
    expect(spawn).not.toHaveBeenCalled()
  })

  it('must reject every pending call when the worker dies, then start a fresh one', async () => {
    const deaths: WorkerDiedError[] = []
    const client = connect((error) => deaths.push(error))
    await client.call('count', undefined)
    expect(await client.call('count', undefined)).toBe(2)
    const waiting = client.call('hang', undefined)
    const crashing = client.call('crash', undefined)
    await expect(crashing).rejects.toThrow(/The worker stopped: .*crashed on purpose/)
    await expect(waiting).rejects.toBeInstanceOf(WorkerDiedError)
    expect(deaths).toHaveLength(1)
    expect(await client.call('count', undefined)).toBe(1)
  })

  it('must reject when the worker cannot be loaded', async () => {
    const client = new WorkerClient<TestMethods>(
      () => new Worker('/no-such-worker.js', { type: 'module' }),
    )
    await expect(client.call('add', { a: 1, b: 1 })).rejects.toBeInstanceOf(WorkerDiedError)
  })

  it('must reject pending calls when closed, without reporting a death', async () => {
    const onDeath = vi.fn()
    const client = connect(onDeath)
    const call = client.call('hang', undefined)
    client.close()
    await expect(call).rejects.toThrow('The worker was closed.')
    expect(onDeath).not.toHaveBeenCalled()
    expect(await client.call('count', undefined)).toBe(1)
  })

  it('must not let a late error of a closed worker end its successor', async () => {
    const onDeath = vi.fn()
    const started: Worker[] = []
    const client = new WorkerClient<TestMethods>(() => {
      const worker = new Worker(new URL('./test-worker.ts', import.meta.url), { type: 'module' })
      started.push(worker)
      return worker
    }, onDeath)
    open.push(client)
    await client.call('count', undefined)
    client.close()
    await client.call('count', undefined)
    started[0].dispatchEvent(new ErrorEvent('error', { message: 'too late' }))
    expect(onDeath).not.toHaveBeenCalled()
    expect(await client.call('count', undefined)).toBe(2)
    expect(started).toHaveLength(2)
  })
})

describe('a watched WorkerClient', () => {
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

  it('must end a worker that hangs in a watched call, tell it, and start a fresh one', async () => {
    const deaths: WorkerDiedError[] = []
    const client = connect((error) => deaths.push(error), { methods: ['spin'], silenceMs: 500 })
    await client.call('count', undefined)
    expect(await client.call('count', undefined)).toBe(2)
    const other = client.call('hang', undefined)
    const spinning = client.call('spin', undefined)
    const message = 'The worker stopped: it gave no sign of life for 0.5 s.'
    await expect(spinning).rejects.toThrow(message)
    await expect(other).rejects.toBeInstanceOf(WorkerDiedError)
    expect(deaths.map((error) => error.message)).toEqual([message])
    expect(await client.call('count', undefined)).toBe(1)
  })

  it('must end one whose call never settles although it still answers others', async () => {
    const client = connect(undefined, { methods: ['stall'], silenceMs: 500 })
    await expect(client.call('stall', undefined)).rejects.toThrow('no sign of life')
  })

  it('must let a watched call last as long as it reports', async () => {
    const client = connect(undefined, { methods: ['report'], silenceMs: 1500 })
    expect(await client.call('report', { times: 10, everyMs: 300 })).toBe('done')
  })

  it('must let other calls be silent, and a cancelled one not count', async () => {
    const client = connect(undefined, { methods: ['stall'], silenceMs: 300 })
    await client.call('count', undefined)
    const controller = new AbortController()
    const stalled = client.call('stall', undefined, { signal: controller.signal })
    controller.abort(new Error('stopped'))
    await expect(stalled).rejects.toThrow('stopped')
    const waiting = client.call('hang', undefined).catch(String)
    await wait(1000)
    expect(await client.call('count', undefined)).toBe(2)
    client.close()
    expect(await waiting).toMatch('The worker was closed.')
  })

  it('must not take a worker that is held for one that hangs', async () => {
    const client = connect(undefined, { methods: ['stall'], silenceMs: 1500 })
    await client.call('hold', { held: true })
    const stalled = client.call('stall', undefined).catch(String)
    await wait(3000)
    await client.call('hold', { held: false })
    expect(await stalled).toMatch('no sign of life')
  })
})
