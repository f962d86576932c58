/** The layers, and what each may import. Everything else is forbidden. */
const arrows = {
  core: [],
  rpc: [],
  offline: [],
  media: ['core', 'rpc'],
  storage: ['core'],
  synth: ['core', 'rpc'],
  engine: ['core', 'media', 'rpc'],
  app: [
    'core',
    'rpc',
    'media',
    'storage',
    'synth',
    'engine/client',
    'engine/protocol',
    'engine/[^/]+/protocol',
  ],
  ui: ['core', 'app'],
  cli: ['core', 'media', 'synth', 'engine/client', 'engine/protocol', 'engine/[^/]+/protocol'],
}

/** Package -> the only places that may import it. */
const packages = {
  '@tensorflow/|@vladmandic/': ['engine/'],
  'idb/': ['storage/'],
  'svelte/': ['app/', 'ui/', 'main.ts'],
  'bits-ui/|@lucide/|virtua/|@observablehq/|marked/|dompurify/': ['ui/'],
  'workbox-': ['service-worker.ts'],
}

/**
 * @param {string} layer
 * @param {string[]} allowed
 */
function layerRule(layer, allowed) {
  return {
    name: `layer-${layer}`,
    comment: `src/${layer} may import ${allowed.join(', ') || 'nothing'} and itself.`,
    severity: /** @type {const} */ ('error'),
    from: { path: `^src/${layer}/` },
    to: {
      path: '^src/',
      pathNot: [layer, ...allowed].map((name) => `^src/${name}(/|\\.|$)`),
    },
  }
}

/**
 * @param {string} pattern
 * @param {string[]} places
 */
function packageRule(pattern, places) {
  return {
    name: `package-${pattern.replace(/[^a-z].*$/, '') || pattern.replace(/^@([a-z]+).*$/, '$1')}`,
    comment: `Only ${places.join(', ')} may import this package.`,
    severity: /** @type {const} */ ('error'),
    from: { path: '^src/', pathNot: places.map((place) => `^src/${place}`) },
    to: { path: `node_modules/(${pattern})` },
  }
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(arrows).map(([layer, allowed]) => layerRule(layer, allowed)),
    ...Object.entries(packages).map(([pattern, places]) => packageRule(pattern, places)),
    {
      name: 'core-packages',
      comment: 'core is pure: of the packages only valibot and pure-rand.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: {
        couldNotResolve: false,
        pathNot: ['^src/', 'node_modules/(valibot|pure-rand)/'],
      },
    },
    {
      name: 'known-layer',
      comment:
        'Every folder of src is a layer of the table above; the root holds only entry points.',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: [`^src/(${Object.keys(arrows).join('|')})/`] },
    },
    {
      name: 'no-cycle',
      comment: 'A cycle, also one of types, means that the parts cannot be understood one by one.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'no-folder-cycle',
      comment: 'Folders that need each other are one room: what both use belongs below them.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      comment: 'Nothing imports this file and it imports nothing: delete it or use it.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['\\.d\\.ts$'] },
      to: {},
    },
    {
      name: 'not-unresolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true, pathNot: ['^virtual:'] },
    },
    {
      name: 'no-node',
      comment: 'The app runs in a browser; Node modules are for src/cli.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-dev-package',
      comment: 'A package that ends up in the app belongs in "dependencies".',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-test',
      comment: 'The app does not depend on its tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|\\.config)/' },
    },
    {
      name: 'named-by-purpose',
      comment: 'A file is named after what it holds, never utils or helpers.',
      severity: 'error',
      from: {},
      to: { path: '^src/.*/(utils?|helpers?|misc|common)\\.(ts|svelte)$' },
    },
    {
      name: 'file-name',
      comment: 'Modules are in kebab-case.ts, components in PascalCase.svelte.',
      severity: 'error',
      from: {},
      to: { path: '^src/.*/([^/]*[A-Z_][^/]*\\.ts|[^A-Z][^/]*\\.svelte|[^/]*[-_][^/]*\\.svelte)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'browser', 'import', 'default'],
      extensions: ['.ts', '.svelte.ts', '.svelte', '.js', '.mjs', '.d.ts'],
    },
  },
}
