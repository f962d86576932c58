/** Replays experiments on labelled data in headless Chromium, with the engine the app uses, and merges their results. */
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'
import {
  callersFolder,
  checkWritable,
  parseCount,
  runCommand,
  UsageError,
  writeWhole,
} from './command.mjs'
import { checkDataFolder, openHeadless, parseModelSettings } from './headless.mjs'
import { root } from './setup.mjs'

const usage = `Usage: npm run experiment -- --data DIR [options]
       npm run experiment -- merge A.json B.json ... [--out C.json]

Compares strategies by replay: every strategy with every seed is given the labels of the images it asks for, is trained
and evaluated on a quarter of the images that is never asked for. Prints a table and writes the result.

  --data DIR          data set in COCO format, instances.json and images/; or 'shelf' for the drawn shelves
  --strategies LIST   separated by commas; parameters after colons: entropy:aggregation=top-k:k=3; 'all' for all that are
                      not named. After an @ the number of seeds, if not all: random,margin-default,all@5. The baseline
                      random is always one of them (random,presence-random,margin-default)
  --seeds N           seeds 1 to N; or a list as 6,7,8 (5)
  --initial N         images drawn at random to begin with (10)
  --batch N           images asked for at once (10)
  --rounds N          trainings of a run, the one on the initial images included (8)
  --target SHARE      of the full pool's AP50, at which the label saving is judged (0.9)
  --seconds A,B       of labelling an image and a box (7,7)
  --steps-per-image N steps of a training for each labelled image, if they are more than the setting steps (6)
  --set NAME=VALUE    a model setting to differ in, for example steps=800; may be repeated
  --depth head        the only depth there is: features are computed once (head)
  --split-seed N      of the test split (1)
  --images N          of the shelf (400)
  --shuffle-labels    gives images the labels of others: a negative control
  --jobs N            workers side by side (one a core, 8 at most)
  --backend NAME      webgpu, wasm, webgl or cpu (the fastest by measurement)
  --shard I/N         computes one of N shares; merge their results
  --from A,B          results (or .state files) of experiments on the same data with the same settings: every curve of the
                      strategies and seeds asked for is taken over, and only what is lacking is computed, or was picked by
                      another version of its strategy
  --out FILE          writes the result; what is finished is kept in FILE.state, and the same command goes on from there

An experiment on a cluster: one share a job, then merge. The result is the same as that of one run; if shares are lacking,
merge writes what there is and says what is missing.
  GNU parallel        parallel npm run experiment -- ... --jobs 1 --shard {}/10 --out part-{}.json ::: {1..10}
  Slurm               #SBATCH --array=1-10
                      npm run experiment -- ... --shard $SLURM_ARRAY_TASK_ID/10 --out part-$SLURM_ARRAY_TASK_ID.json
  Kubernetes          a Job with completionMode: Indexed, completions: 10 and a volume for the results:
                      npm run experiment -- ... --shard $((JOB_COMPLETION_INDEX + 1))/10 --out /results/part-$JOB_COMPLETION_INDEX.json
  then                npm run experiment -- merge part-*.json --out results.json
Without --out, merge prints the table alone.`

/** @param {string} path as it was given */
const located = (path) => resolve(callersFolder('experiment'), path)

const backends = ['webgpu', 'wasm', 'webgl', 'cpu']
const shelfSeed = 7
/** So that a large machine does not run out of memory: a worker takes up to a gigabyte. */
const mostJobs = 8

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      strategies: { type: 'string', default: 'random,presence-random,margin-default' },
      seeds: { type: 'string' },
      initial: { type: 'string' },
      batch: { type: 'string' },
      rounds: { type: 'string' },
      target: { type: 'string' },
      seconds: { type: 'string' },
      'steps-per-image': { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      depth: { type: 'string', default: 'head' },
      'split-seed': { type: 'string', default: '1' },
      images: { type: 'string', default: '400' },
      'shuffle-labels': { type: 'boolean', default: false },
      jobs: { type: 'string' },
      backend: { type: 'string' },
      shard: { type: 'string', default: '1/1' },
      from: { type: 'string', default: '' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) {
    console.log(usage)
    return
  }
  const [command, ...files] = positionals
  if (command === 'merge') {
    await merge(files, values.out)
    return
  }
  if (command !== undefined) throw new UsageError(`'${command}' is not a command.\n${usage}`)
  await replay(values)
})

/**
 * @param {string[]} files
 * @param {string | undefined} out
 */
async function merge(files, out) {
  if (files.length === 0) throw new UsageError(`Give the results to merge.\n${usage}`)
  const path = out === undefined ? undefined : located(out)
  if (path !== undefined) checkWritable('out', path)
  const parts = files.map(readNamed)
  const { mergeResults } = await mergeModule()
  try {
    const outcome = mergeResults(parts)
    finish(outcome, path)
    if (outcome.missing !== undefined) console.error(`\n${outcome.missing}`)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** @returns {Promise<typeof import('../src/cli/merge-experiments')>} */
async function mergeModule() {
  const { module } = await runnerImport('./src/cli/merge-experiments.ts', {
    root,
    configFile: false,
    logLevel: 'warn',
  })
  return module
}

/** @param {Record<string, any>} values of the command line */
async function replay(values) {
  const { data, backend } = values
  const out = values.out === undefined ? undefined : located(values.out)
  if (data === undefined) throw new UsageError(`--data is missing.\n${usage}`)
  if (backend !== undefined && !backends.includes(backend))
    throw new UsageError(`--backend is '${backend}'; it must be one of ${backends.join(', ')}.`)
  if (values.depth !== 'head')
    throw new UsageError(
      `--depth is '${values.depth}'; experiments train heads on features that are computed once: leave it at head.`,
    )
  const model = await parseModelSettings(values.set)
  checkModel(model)
  if (out !== undefined) checkWritable('out', out)
  const steps = values['steps-per-image']
  const isShelf = data === 'shelf'
  const folder = isShelf ? undefined : checkDataFolder(located(data))
  const statePath = out === undefined ? undefined : `${out}.state`
  const options = {
    strategies: values.strategies.split(',').filter(Boolean),
    settings: {
      ...(values.seeds !== undefined && { seeds: parseSeeds(values.seeds) }),
      ...parseCounts(values, ['initial', 'batch', 'rounds']),
      ...(values.target !== undefined && { targetFraction: parseAmount('target', values.target) }),
      ...(steps !== undefined && { stepsPerImage: parseAmount('steps-per-image', steps) }),
      ...(values.seconds !== undefined && { cost: parseCost(values.seconds) }),
    },
    model,
    share: parseShard(values.shard),
    splitSeed: parseCount('split-seed', values['split-seed']),
    shuffledLabels: values['shuffle-labels'],
    jobs: parseCount('jobs', values.jobs ?? String(Math.min(availableParallelism(), mostJobs))),
    ...(backend !== undefined && { backend }),
    ...(statePath !== undefined && existsSync(statePath) && { state: readText(statePath) }),
    earlier: values.from.split(',').filter(Boolean).map(readNamed),
  }
  const { mergeResults } = await mergeModule()
  let isInterrupted = false
  // The browser is ended by Playwright, and with it the experiment.
  process.once('SIGINT', () => (isInterrupted = true))
  const headless = await openHeadless(folder)
  try {
    const { folderUrl: url, dataset: name } = headless.data
    const source = isShelf
      ? { kind: 'shelf', images: parseCount('images', values.images), seed: shelfSeed }
      : { kind: 'folder', url, name }
    const state = await headless.run(
      'src/cli/experiment.ts',
      { ...options, source },
      {
        save: (/** @type {string} */ state) => {
          if (statePath !== undefined) writeWhole(statePath, state)
        },
      },
    )
    // Not in the browser, whose logarithms may have another last digit than those of this process, which merges.
    finish(mergeResults([{ name: 'the state of the experiment', text: state }]), out)
  } catch (error) {
    if (!isInterrupted) throw error
    throw new UsageError(
      statePath === undefined
        ? 'Interrupted. With --out FILE the same command would go on from there.'
        : `Interrupted. What is finished is kept in ${statePath}: the same command goes on from there.`,
    )
  } finally {
    await headless.close()
  }
}

/**
 * @param {{result: string, table: string}} outcome
 * @param {string | undefined} out
 */
function finish({ result, table }, out) {
  console.log(table)
  if (out !== undefined) writeWhole(out, result)
}

/** @param {Partial<import('../src/core/detection/types').ModelSettings>} settings */
function checkModel({ depth = 'head', start = 'scratch' }) {
  if (depth !== 'head')
    throw new UsageError(
      `--set is 'depth=${depth}'; experiments train heads on features that are computed once: leave it at head.`,
    )
  if (start !== 'scratch')
    throw new UsageError(
      `--set is 'start=${start}'; experiments train heads anew in every round: leave it at scratch.`,
    )
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new UsageError(`${path} cannot be read; give a file that an experiment has written.`)
  }
}

/** @param {string} name of a file, as it was given */
function readNamed(name) {
  return { name, text: readText(located(name)) }
}

/**
 * @param {Record<string, any>} values
 * @param {string[]} names
 */
function parseCounts(values, names) {
  const given = names.filter((name) => values[name] !== undefined)
  return Object.fromEntries(given.map((name) => [name, parseCount(name, values[name])]))
}

/**
 * @param {string} name
 * @param {string} text
 */
function parseAmount(name, text) {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value < Infinity) return value
  throw new UsageError(`--${name} is '${text}'; give a number of 0 or more.`)
}

/** @param {string} text a number of seeds, or the seeds */
function parseSeeds(text) {
  if (text.includes(',')) return text.split(',').map((seed) => parseCount('seeds', seed))
  return Array.from({ length: parseCount('seeds', text) }, (_, index) => index + 1)
}

/** @param {string} text */
function parseCost(text) {
  const [image, box, ...rest] = text.split(',')
  if (box === undefined || rest.length > 0)
    throw new UsageError(`--seconds is '${text}'; write it like 7,7.`)
  return {
    secondsPerImage: parseAmount('seconds of an image', image),
    secondsPerBox: parseAmount('seconds of a box', box),
  }
}

/** @param {string} text */
function parseShard(text) {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (index >= 1 && index <= count) return { index, count }
  throw new UsageError(`--shard is '${text}'; write it like 3/10, from 1/10 to 10/10.`)
}
