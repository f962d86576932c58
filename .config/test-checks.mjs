/** Every check of `npm test`, in order. */
import { join } from 'node:path'
import { root } from './setup.mjs'

/** Where reports and logs of the last run are. */
export const reportFolder = join(root, '.cache/test')

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string} bin the tool's script, relative to node_modules
 * @property {string[]} options
 * @property {'vitest' | 'playwright'} [suite] writes a JSON report of its tests; any other check counts as one test
 * @property {number} minutes longest time it may take
 */

const typescript = 'typescript/bin/tsc'
const vitest = 'vitest/vitest.mjs'

/** @param {string} name */
export const reportPath = (name) => join(reportFolder, `${name}.json`)

/** @param {'unit' | 'browser'} name */
const vitestOptions = (name) => [
  'run',
  '--config=.config/vitest.config.ts',
  `--project=${name}`,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${reportPath(name)}`,
]

/** @type {Check[]} */
export const checks = [
  { name: 'format', bin: 'prettier/bin/prettier.cjs', options: ['--check', '.'], minutes: 8 },
  {
    name: 'lint',
    bin: 'eslint/bin/eslint.js',
    options: ['--config', '.config/eslint.config.mjs', '--max-warnings', '0', '.'],
    minutes: 8,
  },
  { name: 'types', bin: typescript, options: ['-p', 'tsconfig.json'], minutes: 8 },
  {
    name: 'types-core',
    bin: typescript,
    options: ['-p', '.config/tsconfig.core.json'],
    minutes: 8,
  },
  {
    name: 'types-worker',
    bin: typescript,
    options: ['-p', '.config/tsconfig.worker.json'],
    minutes: 8,
  },
  {
    name: 'svelte',
    bin: 'svelte-check/bin/svelte-check',
    options: ['--tsconfig', 'tsconfig.json', '--fail-on-warnings'],
    minutes: 8,
  },
  {
    name: 'dependencies',
    bin: 'dependency-cruiser/bin/dependency-cruise.mjs',
    options: ['--config', '.config/dependency-cruiser.mjs', 'src'],
    minutes: 8,
  },
  { name: 'unit', bin: vitest, options: vitestOptions('unit'), suite: 'vitest', minutes: 10 },
  { name: 'browser', bin: vitest, options: vitestOptions('browser'), suite: 'vitest', minutes: 15 },
  {
    name: 'e2e',
    bin: '@playwright/test/cli.js',
    options: ['test', '--config=.config/playwright.config.ts', '--reporter=line,json'],
    suite: 'playwright',
    minutes: 15,
  },
]
