/** Compares all strategies on several data sets and writes the tables of the README. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'
import { callersFolder, runCommand, UsageError, writeWhole } from './command.mjs'
import { checkDataFolder } from './headless.mjs'
import { root } from './setup.mjs'

const usage = `Usage: npm run strategies -- DIR [DIR ...] [options]
       npm run strategies -- --render

Replays every strategy with 5 seeds, the default and the random baselines with 10, on the labelled data sets DIR (COCO
format: instances.json and images/) and on the drawn shelves; and, as a negative control, the default on labels that
were shuffled between the images. Results go to .github/experiments, the tables of all that are there into README.md:
'git diff' then shows what came out otherwise than before. An interrupted run goes on when called again.

  --long NAME=N  on this set also random and the default over N rounds, where the usual 8 are not enough to get to the
                 target; may be repeated
  --only NAME    one experiment alone: a folder's name, 'shelf', 'NAME-shuffled' or 'NAME-N-rounds'; may be repeated
  --reuse        computes only what the results that are there lack: other seeds, strategies that are new or were changed
                 and have another version for it; leave it out where anything else of the replay was changed
  --render       computes nothing, writes the tables of the results that are there`

const results = join(root, '.github/experiments')
const readme = join(root, 'README.md')
const ending = '.json'

/** @typedef {{name: string, options: string[]}} Experiment */

/**
 * @param {string[]} folders of data sets
 * @param {string[]} long 'NAME=ROUNDS' of those to be replayed for longer
 * @returns {Experiment[]}
 */
function experimentsOn(folders, long) {
  const sets = [
    ...folders.map((folder) => {
      const path = checkDataFolder(resolve(callersFolder('strategies'), folder))
      return { name: basename(path), data: path }
    }),
    { name: 'shelf', data: 'shelf' },
  ]
  const all = ['--strategies', 'random,presence-random,margin-default,all@5', '--seeds', '10']
  const two = ['--strategies', 'random,margin-default', '--seeds', '10']
  const rounds = [...new Set(long)].map((text) => roundsOf(text, sets))
  const experiments = sets.flatMap(({ name, data }) => [
    { name, options: ['--data', data, ...all] },
    ...rounds
      .filter((one) => one.name === name)
      .map(({ count }) => ({
        name: `${name}-${count}-rounds`,
        options: ['--data', data, ...two, '--rounds', count],
      })),
    { name: `${name}-shuffled`, options: ['--data', data, ...two, '--shuffle-labels'] },
  ])
  const names = experiments.map(({ name }) => name.toLowerCase())
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new UsageError(`Two results would be called ${twice}; rename one of the folders.`)
  return experiments
}

/**
 * @param {string} text 'NAME=ROUNDS'
 * @param {{name: string}[]} sets
 * @returns {{name: string, count: string}}
 */
function roundsOf(text, sets) {
  const [, name = '', count = ''] = /^(.+)=([1-9]\d*)$/.exec(text) ?? []
  const names = sets.map((set) => set.name)
  if (names.includes(name)) return { name, count }
  throw new UsageError(
    `--long is '${text}'; it must be NAME=ROUNDS with one of ${names.join(', ')} and a whole number.`,
  )
}

/**
 * The chosen ones, all without a choice.
 * @param {Experiment[]} experiments
 * @param {string[]} chosen
 */
function choose(experiments, chosen) {
  const unknown = chosen.find((name) => !experiments.some((experiment) => experiment.name === name))
  if (unknown !== undefined) {
    const names = experiments.map(({ name }) => name).join(', ')
    throw new UsageError(`--only is '${unknown}'; it must be one of ${names}.`)
  }
  return experiments.filter(({ name }) => chosen.length === 0 || chosen.includes(name))
}

/**
 * Computed on WASM, where every machine gets the same digits.
 * @param {Experiment} experiment
 * @param {boolean} reuse whether what is there is taken over
 * @returns {Promise<void>}
 */
function replay({ name, options }, reuse) {
  console.log(`${name} ...`)
  const startedAt = performance.now()
  const out = join(results, name + ending)
  const script = join(root, '.config/experiment.mjs')
  const from = reuse && existsSync(out) ? ['--from', out] : []
  const args = [script, ...options, '--backend', 'wasm', '--out', out, ...from]
  const child = spawn(process.execPath, args, { stdio: 'inherit' })
  // A terminal interrupts both: the replay closes its browser and says what is kept. Anything else ends this process only.
  const wait = () => {}
  const stop = () => child.kill('SIGINT')
  process.on('SIGINT', wait).on('SIGTERM', stop)
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait).off('SIGTERM', stop)
      if (code !== 0) {
        fail(new UsageError(`The experiment ${name} ended early (${signal ?? `code ${code}`}).`))
        return
      }
      // Whoever calls again wants it computed again.
      rmSync(`${out}.state`, { force: true })
      console.log(`${name}: ${((performance.now() - startedAt) / 60_000).toFixed(1)} min`)
      done()
    })
  })
}

/** @returns {Promise<typeof import('../src/cli/strategy-tables')>} */
async function tableModule() {
  const { module } = await runnerImport('./src/cli/strategy-tables.ts', {
    root,
    configFile: false,
    logLevel: 'warn',
  })
  return module
}

/** Writes the tables of all results into the README. */
async function render() {
  const { strategyTables, withTables } = await tableModule()
  const names = existsSync(results)
    ? readdirSync(results).filter((name) => name.endsWith(ending))
    : []
  const files = names.map((name) => ({ name, text: readFileSync(join(results, name), 'utf8') }))
  try {
    writeWhole(readme, withTables(readFileSync(readme, 'utf8'), strategyTables(files)))
  } catch (error) {
    throw new UsageError(
      `README.md is as it was: ${error instanceof Error ? error.message : error}`,
    )
  }
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      long: { type: 'string', multiple: true, default: [] },
      only: { type: 'string', multiple: true, default: [] },
      reuse: { type: 'boolean', default: false },
      render: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) {
    console.log(usage)
    return
  }
  const { long, only, reuse } = values
  if (values.render && (positionals.length > 0 || long.length > 0 || only.length > 0 || reuse))
    throw new UsageError(`--render is given alone.\n${usage}`)
  if (!values.render && positionals.length === 0)
    throw new UsageError(`Give the folders of data sets.\n${usage}`)
  if (!values.render) {
    mkdirSync(results, { recursive: true })
    for (const experiment of choose(experimentsOn(positionals, long), only))
      await replay(experiment, reuse)
  }
  await render()
})
