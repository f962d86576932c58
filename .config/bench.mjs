/**
 * Runs the benchmarks in headless Chromium and prints one table: `npm run bench` all of them, `npm run bench -- NAME` one.
 * Each is a module `test/bench/NAME.bench.ts` exporting `run(options, report)`, which returns a BenchResult.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkWritable } from './command.mjs'
import {
  checkDataFolder,
  defaultDataFolder,
  openHeadless,
  parseCount,
  parseModelSettings,
  runCommand,
  UsageError,
} from './headless.mjs'
import { root } from './setup.mjs'

const suffix = '.bench.ts'
const names = readdirSync(join(root, 'test/bench'))
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))

const usage = `Usage: npm run bench -- [${names.join(' | ')}] [options]
  --data DIR           data set in COCO format: instances.json and images/ (${defaultDataFolder})
  --seeds N            trainings to take the mean of (1)
  --split-seed N       seed of the test split (1)
  --set NAME=VALUE     a model setting to differ in, for example steps=200 or depth=full; may be repeated
  --json FILE          writes the figures and the machine`

async function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: defaultDataFolder },
      seeds: { type: 'string', default: '1' },
      'split-seed': { type: 'string', default: '1' },
      set: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const unknown = positionals.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(`There is no benchmark '${unknown}'.\n${usage}`)
  }
  return {
    help: values.help === true,
    chosen: positionals.length === 0 ? names : positionals,
    folder: values.data,
    json: values.json,
    given: {
      seeds: parseCount('seeds', values.seeds),
      splitSeed: parseCount('split-seed', values['split-seed']),
      settings: await parseModelSettings(values.set),
    },
  }
}

/** @param {string} browser @param {any} engine the last benchmark's EngineInfo */
function describeMachine(browser, engine) {
  const { backend, probes } = engine
  const probe = probes.find((/** @type {{name: string}} */ { name }) => name === backend)
  return {
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    cpu: cpus()[0]?.model ?? 'unknown',
    browser: `Chromium ${browser}`,
    backend,
    gflops: probe?.gflops === undefined ? null : Math.round(probe.gflops * 10) / 10,
  }
}

await runCommand(async () => {
  const { help, chosen, folder, json, given } = await readOptions()
  if (help) {
    console.log(usage)
    return
  }
  if (json !== undefined) checkWritable('json', json)
  const headless = await openHeadless(checkDataFolder(folder))
  const figures = []
  let engine
  try {
    for (const name of chosen) {
      console.error(`${name} ...`)
      const options = { ...headless.data, ...given }
      const result = await headless.run(`test/bench/${name}${suffix}`, options)
      figures.push(...result.figures)
      engine = result.engine
    }
  } finally {
    await headless.close()
  }
  const machine = describeMachine(headless.browserVersion, engine)
  console.log(Object.values(machine).join(', '))
  console.table(
    figures.map(({ id, value, unit, bar, ok }) => ({
      id,
      value: Number(value.toPrecision(4)),
      unit,
      bar: bar ?? '',
      ok: ok ? 'yes' : 'NO',
    })),
  )
  if (json !== undefined) {
    writeFileSync(json, `${JSON.stringify({ machine, figures }, undefined, 2)}\n`)
  }
})
