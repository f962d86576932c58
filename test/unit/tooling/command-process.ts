import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

/** A command, `.config/NAME.mjs`, that runs as a process in a folder of its own; the folder is gone after the tests. */
export function commandProcess(name: string) {
  const script = fileURLToPath(new URL(`../../../.config/${name}.mjs`, import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  afterAll(() => rmSync(folder, { recursive: true }))
  return {
    folder,
    run(...args: string[]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
        cwd: folder,
        encoding: 'utf8',
        // One that goes to work instead of refusing to would take hours.
        timeout: 110_000,
      })
      return { status, stdout, stderr }
    },
  }
}
