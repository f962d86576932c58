import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/**
 * Runs the command of the dependency check, with the project's own rules, on a tree of these files.
 * @returns whether the command succeeded, and 'rule: from -> to' of each violation
 */
function check(files: Record<string, string>): { passed: boolean; violations: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'margin-layers-'))
  folders.push(folder)
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const name of ['package.json', 'tsconfig.json']) {
    writeFileSync(
      join(folder, name),
      JSON.stringify({ dependencies: { idb: '*', svelte: '*', valibot: '*' } }),
    )
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const config = join(root, '.config/dependency-cruiser.mjs')
  const { status, stdout } = spawnSync(process.execPath, [tool, '--config', config, 'src'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return {
    passed: status === 0,
    violations: [...stdout.matchAll(/error (\S+): (\S+)(?: → +(?:\n +)?(\S+))?/g)]
      .map(([, rule, from, to]) => [`${rule}: ${from}`, to].filter(Boolean).join(' -> '))
      .sort(),
  }
}

describe('the dependency rules', () => {
  it('accept the allowed arrows', () => {
    const { passed, violations } = check({
      'src/main.ts': "import './ui/app'\nimport './offline/register'\nimport './storage/database'",
      'src/ui/app.ts': "import '../app/state'",
      'src/app/state.ts': "import '../engine/client'\nimport '../core/box'",
      'src/engine/client.ts': "import '../rpc/client'",
      'src/rpc/client.ts': 'export const call = 1',
      'src/core/box.ts': "import 'valibot'",
      'src/storage/database.ts': "import 'idb'\nimport '../core/box'",
      'src/offline/register.ts': 'export const register = 1',
    })
    expect(violations).toEqual([])
    expect(passed).toBe(true)
  })

  it('refuse an import against the arrows, also of a type', () => {
    const { passed, violations } = check({
      'src/core/score.ts': "import type { Head } from '../engine/head'",
      'src/engine/head.ts': "import '../storage/heads'\nexport type Head = number",
      'src/storage/heads.ts': "import '../ui/list'",
      'src/ui/list.ts': "import '../engine/worker'",
      'src/engine/worker.ts': "import './backend'",
      'src/engine/backend.ts': 'export const name = 1',
      'src/app/state.ts': "import '../engine/backend'",
    })
    expect(violations).toEqual([
      'layer-app: src/app/state.ts -> src/engine/backend.ts',
      'layer-core: src/core/score.ts -> src/engine/head.ts',
      'layer-engine: src/engine/head.ts -> src/storage/heads.ts',
      'layer-storage: src/storage/heads.ts -> src/ui/list.ts',
      'layer-ui: src/ui/list.ts -> src/engine/worker.ts',
      'no-folder-cycle: src/engine -> src/storage',
      'no-folder-cycle: src/storage -> src/ui',
      'no-folder-cycle: src/ui -> src/engine',
    ])
    expect(passed).toBe(false)
  })

  it('refuse a cycle, also of types', () => {
    const { passed, violations } = check({
      'src/core/a.ts': "import { b } from './b'\nexport const a = () => b",
      'src/core/b.ts': "import type { C } from './c'\nexport const b: C = 1",
      'src/core/c.ts': "import './a'\nexport type C = number",
    })
    expect(violations).toEqual(['no-cycle: src/core/a.ts -> src/core/b.ts'])
    expect(passed).toBe(false)
  })

  it('refuse folders that need each other, though no file does', () => {
    const { passed, violations } = check({
      'src/core/left/a.ts': "import { b } from '../right/b'\nexport const a = b",
      'src/core/left/c.ts': 'export const c = 1',
      'src/core/right/b.ts': 'export const b = 1',
      'src/core/right/d.ts': "import type { c } from '../left/c'\nexport type D = typeof c",
    })
    expect(violations).toContain('no-folder-cycle: src/core/left -> src/core/right')
    expect(passed).toBe(false)
  })

  it('refuse packages outside of their layer, and impure ones in core', () => {
    const { passed, violations } = check({
      'src/core/a.ts': "import 'node:fs'\nimport 'svelte'",
      'src/app/b.ts': "import 'idb'\nimport '@tensorflow/tfjs'",
      'src/app/c.ts': "import 'vite'",
    })
    expect(violations.map((violation) => violation.replace(/ -> .*node_modules.*/, ''))).toEqual(
      expect.arrayContaining([
        'core-packages: src/core/a.ts -> fs',
        'core-packages: src/core/a.ts',
        'no-node: src/core/a.ts -> fs',
        'package-idb: src/app/b.ts',
        'package-svelte: src/core/a.ts',
        'package-tensorflow: src/app/b.ts',
      ]),
    )
    expect(passed).toBe(false)
  })

  it('refuse a file that nothing uses, an unknown folder and a name that says nothing', () => {
    const { passed, violations } = check({
      'src/core/alone.ts': 'export const alone = 1',
      'src/shared/thing.ts': "import '../core/utils'",
      'src/core/utils.ts': 'export const thing = 1',
      'src/core/user.ts': "import './missing'\nimport '../shared/thing'",
    })
    expect(violations).toEqual([
      'known-layer: src/core/user.ts -> src/shared/thing.ts',
      'layer-core: src/core/user.ts -> src/shared/thing.ts',
      'named-by-purpose: src/shared/thing.ts -> src/core/utils.ts',
      'no-folder-cycle: src/core -> src/shared',
      'no-folder-cycle: src/shared -> src/core',
      'no-orphan: src/core/alone.ts',
      'not-unresolvable: src/core/user.ts -> ./missing',
    ])
    expect(passed).toBe(false)
  })

  it('refuse a file name in the wrong case', () => {
    const { passed, violations } = check({
      'src/main.ts':
        "import './ui/ImageGrid.svelte'\nimport './ui/wrongCase'\nimport './ui/list.svelte'",
      'src/ui/ImageGrid.svelte': '<p>grid</p>',
      'src/ui/list.svelte': '<p>list</p>',
      'src/ui/wrongCase.ts': "import './right-case.svelte'",
      'src/ui/right-case.svelte.ts': 'export const list = 1',
    })
    expect(violations).toEqual([
      'file-name: src/main.ts -> src/ui/list.svelte',
      'file-name: src/main.ts -> src/ui/wrongCase.ts',
    ])
    expect(passed).toBe(false)
  })
})
