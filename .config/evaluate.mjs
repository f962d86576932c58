/** The COCO evaluation of detections in files, by the core that the app uses. Needs no browser. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'
import { callersFolder, runCommand, UsageError } from './command.mjs'
import { root } from './setup.mjs'

const usage = `Usage: npm run evaluate -- truth.json detections.json
  truth.json       COCO instances: {"images", "categories", "annotations"}
  detections.json  COCO results: [{"image_id", "category_id", "bbox", "score"}]
Prints COCO's twelve figures (AP, AP50, AP75, APs, APm, APl, AR1, AR10, AR100, ARs, ARm, ARl) as
JSON; null where there is nothing to evaluate.`

/** @param {string} path */
function readText(path) {
  const file = resolve(callersFolder('evaluate'), path)
  try {
    return { name: path, text: readFileSync(file, 'utf8') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    throw new UsageError(
      code === 'ENOENT'
        ? `There is no file ${file}. Give the path of a COCO file.`
        : `${file} cannot be read (${code}). Give the path of a COCO file.`,
    )
  }
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  })
  if (values.help === true) {
    console.log(usage)
    return
  }
  if (positionals.length !== 2) {
    throw new UsageError(`Two files are needed, and ${positionals.length} were given.\n${usage}`)
  }
  const [truth, detections] = positionals.map(readText)
  const { module } = await runnerImport(join(root, 'src/cli/evaluate.ts'), {
    root,
    configFile: false,
    logLevel: 'error',
  })
  /** @type {typeof import('../src/cli/evaluate.ts')} */
  const { evaluateFiles, FormatError } = module
  try {
    console.log(JSON.stringify(evaluateFiles(truth, detections), undefined, 2))
  } catch (error) {
    throw error instanceof FormatError ? new UsageError(error.message) : error
  }
})
