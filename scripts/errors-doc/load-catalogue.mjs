// The catalogue and the problem types as the sources have them: no build is needed, none can be old.
import { createRequire } from 'node:module'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { root } from '../workspace.mjs'

const EXPORTS = `
  import { catalogue } from './catalogue.ts'
  import { problemBody } from './shapes.ts'
  export const entries = catalogue.map((entry) => {
    const facts = { ...entry, message: entry.title, headers: {} }
    return { ...entry, type: problemBody(facts).type }
  })
`

/** Rows of `{ reason, status, title, meaning, remedy, type }`, in the order of their status. */
export function loadCatalogue() {
  const folder = path.join(root, 'packages/core/src/refusal')
  const { outputFiles } = buildSync({
    stdin: { contents: EXPORTS, loader: 'ts', resolveDir: folder },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'error',
  })
  const module = { exports: {} }
  const require = createRequire(path.join(folder, 'catalogue.ts'))
  new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, require)
  return module.exports.entries
}
