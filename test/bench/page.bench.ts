/**
 * The page while the engine trains: the app with a project of its own, a default training under way in the worker, and
 * the annotator open, in which the mouse draws boxes and pans. Reported are the longest task of the page's thread and
 * the frames a second in which the mouse is at work, against those of the same before the training. On a machine that
 * is busy with other work tasks wait for a core in the middle; how long the longest one ran itself is told as well.
 */
import { mount, unmount } from 'svelte'
import { fetchCocoFolder } from '../../src/cli/coco-folder'
import { createIdSource } from '../../src/app/state/new-id'
import type { ProjectSession } from '../../src/app/project-session.svelte'
import type { Services } from '../../src/app/state/services'
import { Workspace } from '../../src/app/workspace.svelte'
import type { Brand } from '../../src/core/dataset/types'
import { defaultRoundSettings } from '../../src/core/notebook/default-settings'
import { createEngineClient } from '../../src/engine/client'
import { createMediaClient } from '../../src/media/client'
import { openStorage } from '../../src/storage/open'
import App from '../../src/ui/App.svelte'
import { atLeast, atMost, plain, type BenchOptions, type BenchResult } from './figure'

const importedImages = 60
const labeledImages = 30
const measuredMilliseconds = 10_000
/** A frame that comes later than this is one that was missed at 60 a second. */
const lateFrame = 17.5
/** The browser reports tasks from 50 ms on. */
const shortestLongTask = 50

/** The mouse of the browser, which `npm run bench` offers to the page. */
type Mouse = (
  action: 'move' | 'down' | 'up',
  x: number,
  y: number,
  button?: 'left' | 'middle',
) => Promise<void>

/** The trace of the browser, which `npm run bench` offers to the page; ends with the longest task in CPU milliseconds. */
interface Trace {
  start(): Promise<void>
  stop(): Promise<number>
}

export async function run(
  { folderUrl }: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const mouse = Reflect.get(globalThis, 'mouse') as Mouse
  const trace: Trace = {
    start: Reflect.get(globalThis, 'startTrace'),
    stop: Reflect.get(globalThis, 'stopTrace'),
  }
  const database = `bench-${Date.now()}`
  const storage = await openStorage(database)
  const newId = createIdSource(
    () => Date.now(),
    (bytes) => crypto.getRandomValues(bytes),
  )
  const services: Services = {
    storage,
    engine: createEngineClient(),
    media: createMediaClient(),
    now: () => Date.now(),
    newId: <T extends Brand<string, string>>() => newId() as T,
  }
  const workspace = new Workspace(services)
  const app = mount(App, { target: document.body, props: { workspace } })
  try {
    await workspace.start()
    const session = await workspace.createProject('Benchmark')
    await importWithOracle(session, folderUrl)
    const round = await session.startSeedRound({
      ...defaultRoundSettings,
      batchSize: labeledImages,
    })
    await session.answerFromOracle(round.id)
    const open = session.pool.unlabeled[0]
    if (open === undefined) throw new Error('Every image is labelled; none is left to annotate.')

    session.openImage(open)
    await settled(() => document.querySelector('.stage canvas') !== null)
    // The first gestures compile what they run.
    for (let turn = 0; turn < 4; turn++) await drag(mouse, turn === 3, turn)
    const idle = await measure(mouse, trace)
    report(`before training: ${describe(idle)}`)
    // Features are computed first; what counts is the training itself.
    const training = session.trainRound(round.id)
    await settled(() => session.activity?.phase === 'Training')
    const busy = await measure(mouse, trace)
    if (session.activity?.phase !== 'Training')
      throw new Error('The training ended before the measurement; take more steps with --set.')
    report(`while training: ${describe(busy)}`)
    const engine = await session.engine.ready()
    session.activity.cancel()
    await training.catch(() => undefined)
    return {
      engine,
      figures: [
        atMost('page-longest-task', busy.longestTask, 'ms', shortestLongTask),
        atMost('page-longest-task-cpu', busy.longestTaskCpu, 'ms', shortestLongTask),
        atLeast('page-frames-per-second', busy.framesPerSecond, '/s', 60),
        plain('page-late-frames', busy.lateShare, ''),
        plain('page-longest-task-before', idle.longestTask, 'ms'),
        plain('page-frames-per-second-before', idle.framesPerSecond, '/s'),
        plain('page-late-frames-before', idle.lateShare, ''),
        plain('page-longest-frame', busy.longestFrame, 'ms'),
      ],
    }
  } finally {
    await workspace.closeProject().catch(() => undefined)
    await unmount(app)
    services.engine.close()
    services.media.close()
    storage.close()
    indexedDB.deleteDatabase(database)
  }
}

async function importWithOracle(session: ProjectSession, folderUrl: string): Promise<void> {
  const { images } = await fetchCocoFolder(folderUrl)
  const files = images
    .slice(0, importedImages)
    .map(({ imageId, blob }) => new File([blob], imageId, { type: blob.type }))
  const annotations = await fetch(`${folderUrl}instances.json`)
  files.push(new File([await annotations.blob()], 'instances.json', { type: 'application/json' }))
  await session.runImport(await session.scanImport(files), 'oracle')
}

/** Resolves once the condition holds, looked at frame by frame. */
async function settled(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => requestAnimationFrame(resolve))
}

interface Fluency {
  readonly framesPerSecond: number
  /** Share of the frames that came more than 17.5 ms after the one before. */
  readonly lateShare: number
  /** Milliseconds. */
  readonly longestFrame: number
  /** Milliseconds; 0 when no task took 50. */
  readonly longestTask: number
  /** Milliseconds that the task which ran longest ran, not counting those it waited for a core. */
  readonly longestTaskCpu: number
}

/** Draws boxes and pans for some seconds. */
async function measure(mouse: Mouse, trace: Trace): Promise<Fluency> {
  await trace.start()
  const tasks: number[] = []
  const observer = new PerformanceObserver((list) => {
    tasks.push(...list.getEntries().map(({ duration }) => duration))
  })
  observer.observe({ type: 'longtask' })
  const frames: number[] = []
  let running = true
  const onFrame = (time: number): void => {
    frames.push(time)
    if (running) requestAnimationFrame(onFrame)
  }
  requestAnimationFrame(onFrame)
  const begin = performance.now()
  for (let turn = 0; performance.now() - begin < measuredMilliseconds; turn++) {
    await drag(mouse, turn % 4 === 3, turn)
  }
  running = false
  // Entries arrive a moment after the task.
  await new Promise((resolve) => setTimeout(resolve, 200))
  observer.disconnect()
  const longestTaskCpu = await trace.stop()

  const gaps = frames.slice(1).map((time, index) => time - (frames[index] ?? NaN))
  const total = gaps.reduce((sum, gap) => sum + gap, 0)
  return {
    framesPerSecond: (1000 * gaps.length) / total,
    lateShare: gaps.filter((gap) => gap > lateFrame).length / gaps.length,
    longestFrame: Math.max(...gaps),
    longestTask: Math.max(0, ...tasks),
    longestTaskCpu,
  }
}

/** One gesture with the left button, or with the middle one, which pans. */
async function drag(mouse: Mouse, pans: boolean, turn: number): Promise<void> {
  const stage = document.querySelector('.stage')
  if (stage === null) throw new Error('The annotator is not open.')
  const { left, top, width, height } = stage.getBoundingClientRect()
  const x = left + width * (0.3 + 0.05 * (turn % 5))
  const y = top + height * (0.3 + 0.04 * (turn % 7))
  await mouse('move', x, y)
  const button = pans ? 'middle' : 'left'
  await mouse('down', x, y, button)
  for (let step = 1; step <= 30; step++) await mouse('move', x + 4 * step, y + 3 * step)
  await mouse('up', x + 120, y + 90, button)
}

function describe(fluency: Fluency): string {
  const { framesPerSecond, lateShare, longestFrame, longestTask, longestTaskCpu } = fluency
  return (
    `${framesPerSecond.toFixed(1)} frames a second, ${(100 * lateShare).toFixed(1)} % late, ` +
    `the longest ${longestFrame.toFixed(0)} ms; longest task ${longestTask.toFixed(0)} ms, ` +
    `${longestTaskCpu.toFixed(0)} ms of CPU`
  )
}
