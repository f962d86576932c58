import type { Plugin } from 'vite'

const factory = /tfjs-backend-wasm-threaded-simd\.js$/

/**
 * Lets the threads of the tfjs WASM backend start from a minified build. tfjs hands its module factory to them as
 * text (`Function.prototype.toString`), which must not name anything outside the function; minified, the outer
 * `_scriptDir` becomes an unknown name there. It is only a hint where to find the script, which tfjs gives anyway.
 * @throws at build time when the factory no longer looks as expected.
 */
export function wasmThreadsPlugin(): Plugin {
  return {
    name: 'wasm-threads',
    apply: 'build',
    transform(code, id) {
      if (!factory.test(id.replace(/\?.*$/, ''))) return undefined
      const closed = code
        .replace(
          'if(typeof _scriptDir !== "undefined" && _scriptDir){scriptDirectory=_scriptDir}',
          '',
        )
        .replace('Module["mainScriptUrlOrBlob"]||_scriptDir', 'Module["mainScriptUrlOrBlob"]')
      const start = closed.indexOf('function(WasmBackendModuleThreadedSimd)')
      if (start < 0 || closed.includes('_scriptDir', start)) {
        this.error('The thread factory of the tfjs WASM backend changed; adapt this plugin to it.')
      }
      return { code: closed, map: null }
    },
  }
}
