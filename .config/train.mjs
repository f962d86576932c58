/** Trains one detector in headless Chromium, with the engine the app uses, and reports how well it does. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checkWritable } from './command.mjs'
import { checkDataFolder, openHeadless, parseCount, runCommand, UsageError } from './headless.mjs'

const usage = `Usage: npm run train -- --data DIR [options]
  --data DIR       data set in COCO format: instances.json and images/
  --labelled N     images to train on, drawn at random (the whole pool, three quarters of all, for a
                   head of 128 units and 1500 steps)
  --seed N         of the drawing and the training (1)
  --split-seed N   of the test split, a quarter of the images (1)
  --depth NAME     how deep to train: head, decoder or full (head)
  --start warm     in two stages: half of the images from scratch, then all from that head (scratch)
  --backend NAME   webgpu, wasm, webgl or cpu (the fastest by measurement)
  --json FILE      writes {ap50, ap, perClass, trainSeconds, backend, ...}`

const depths = ['head', 'decoder', 'full']
const backends = ['webgpu', 'wasm', 'webgl', 'cpu']

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      labelled: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'split-seed': { type: 'string', default: '1' },
      depth: { type: 'string', default: 'head' },
      start: { type: 'string', default: 'scratch' },
      backend: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) {
    console.log(usage)
    return
  }
  const { data, labelled, depth, start, backend, json } = values
  if (data === undefined) throw new UsageError(`--data is missing.\n${usage}`)
  if (!depths.includes(depth)) {
    throw new UsageError(`--depth is '${depth}'; it must be one of ${depths.join(', ')}.`)
  }
  if (start !== 'scratch' && start !== 'warm') {
    throw new UsageError(`--start is '${start}'; it must be scratch or warm.`)
  }
  if (backend !== undefined && !backends.includes(backend)) {
    throw new UsageError(`--backend is '${backend}'; it must be one of ${backends.join(', ')}.`)
  }
  if (json !== undefined) checkWritable('json', json)
  const options = {
    seed: parseCount('seed', values.seed),
    splitSeed: parseCount('split-seed', values['split-seed']),
    settings: { start, depth },
    ...(labelled !== undefined && { labeled: parseCount('labelled', labelled) }),
    ...(backend !== undefined && { backend }),
  }
  const headless = await openHeadless(checkDataFolder(data))
  try {
    const result = await headless.run('src/cli/train.ts', { ...headless.data, ...options })
    const text = JSON.stringify(result, undefined, 2)
    console.log(text)
    if (json !== undefined) writeFileSync(json, `${text}\n`)
  } finally {
    await headless.close()
  }
})
