/** `npm test`: installs what is missing, runs every check, goes on after a failure, and counts all tests at the end. */
import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { installPackages, requireNode, root } from './setup.mjs'
import { checks, reportFolder, reportPath } from './test-checks.mjs'
import { countTests } from './test-report.mjs'

requireNode()
installPackages()

/** @type {import('node:child_process').ChildProcess | undefined} */
let running

/** A tool starts browsers and servers of its own: end the whole group, where there are groups. */
function endRunning() {
  if (running?.pid === undefined) return
  try {
    if (process.platform === 'win32') running.kill()
    else process.kill(-running.pid, 'SIGKILL')
  } catch {
    // it ended by itself meanwhile
  }
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    endRunning()
    process.exit(130)
  })
}

/**
 * @param {import('./test-checks.mjs').Check} check
 * @param {string} log path of the file for its output
 * @returns {Promise<{ended: boolean, problem: string}>} `ended`: with exit code 0
 */
function run(check, log) {
  return new Promise((resolve) => {
    const output = createWriteStream(log)
    const child = spawn(process.execPath, [join('node_modules', check.bin), ...check.options], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      env: {
        ...process.env,
        CI: '1',
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
        PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath(check.name),
      },
    })
    running = child
    child.stdout.pipe(output, { end: false })
    child.stderr.pipe(output, { end: false })
    let problem = ''
    const timer = setTimeout(() => {
      problem = `stopped after ${check.minutes} minutes`
      endRunning()
    }, check.minutes * 60_000)
    /** @param {boolean} ended */
    const finish = (ended) => {
      clearTimeout(timer)
      running = undefined
      output.end(() => resolve({ ended, problem }))
    }
    child.on('error', (error) => {
      problem = error.message
      finish(false)
    })
    child.on('close', (code) => finish(code === 0))
  })
}

/** @param {string} path */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

rmSync(reportFolder, { recursive: true, force: true })
mkdirSync(reportFolder, { recursive: true })

const total = { passed: 0, failed: 0, skipped: 0 }
/** @type {string[]} */
const summary = []
let browserProblem = ''

try {
  const { ensureBrowser } = await import('./browser-install.mjs')
  console.log(`browser: ${ensureBrowser()}`)
} catch (error) {
  browserProblem = error instanceof Error ? error.message : String(error)
  console.error(browserProblem)
}

const chosen = process.argv.slice(2)
const selected = chosen.length === 0 ? checks : checks.filter(({ name }) => chosen.includes(name))

for (const check of selected) {
  const log = join(reportFolder, `${check.name}.log`)
  console.log(`${check.name} ...`)
  const start = performance.now()
  const { ended, problem } = await run(check, log)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const counts = countTests({
    suite: check.suite,
    ended,
    report: check.suite && readReport(reportPath(check.name)),
  })
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
  const verdict = counts.failed === 0 ? 'ok' : 'FAILED'
  const detail = check.suite
    ? `${counts.passed} ok, ${counts.failed} bad, ${counts.skipped} left out`
    : ''
  summary.push(
    [verdict.padEnd(6), check.name.padEnd(12), `${seconds} s`.padStart(8), detail, problem]
      .join('  ')
      .trimEnd(),
  )
  if (counts.failed > 0) {
    console.log(readFileSync(log, 'utf8').trimEnd())
    console.log(`(${relative(root, log)})`)
  }
  for (const name of counts.skippedNames) console.log(`  left out: ${name}`)
}

console.log(`\n${summary.join('\n')}`)
if (browserProblem !== '') console.log(browserProblem)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1)
