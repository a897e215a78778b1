// Some files of a suite in one process, once: plain, or with the library in force. What does not end is ended.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { finish } from '../../delivery/child.mjs'
import { binaryOf } from '../kit/command.mjs'
import { must } from './must.mjs'
import { resultsOf } from './results.mjs'

const preload = fileURLToPath(new URL('preload.cjs', import.meta.url))
const FILE_MS = 120_000

/**
 * @param counted - a file that gets a byte for each server, or application, with the library in force
 * @returns {Promise<Map<string, boolean>>} whether each test of the files passed
 */
export async function runFiles(suite, folder, files, mode, counted) {
  const env = {
    ...process.env,
    NO_HARM_MODE: mode,
    NODE_ENV: 'test',
    NO_COLOR: '1',
    FORCE_COLOR: '0',
  }
  delete env.NODE_OPTIONS
  if (counted) env.NO_HARM_COUNT = counted
  if (suite.app)
    env.NO_HARM_APP = JSON.stringify({ ...suite.app, entry: path.join(folder, suite.app.entry) })
  const flags = suite.flagsInFile ? flagsOf(path.join(folder, files[0])) : []
  const loaded = mode === 'plain' ? [] : ['--require', preload]
  const args = [...flags, ...loaded, ...commandOf(suite, folder, files)]
  for (const script of suite.before ?? []) await must(process.execPath, [script], folder)
  const ended = await finish(binaryOf(suite.line), args, {
    cwd: folder,
    env,
    withinMs: suite.fileMs ?? FILE_MS,
  })
  return resultsOf(suite.runner, nameOf(files), ended)
}

export function nameOf(files) {
  return files.length === 1 ? files[0] : `${files.length} files`
}

function commandOf({ runner, mocha = [] }, folder, files) {
  if (runner === 'node') return ['--test-reporter=tap', ...files]
  if (runner === 'file') return [...files]
  const home = path.join(folder, 'node_modules/mocha')
  const { bin } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'))
  return [
    path.join(home, bin.mocha),
    '--no-config',
    '--reporter',
    'json',
    '--exit',
    ...mocha,
    ...files,
  ]
}

/** `// Flags: --expose-internals`, as Node's own runner reads them. */
function flagsOf(file) {
  const line = /^\/\/ Flags:(.*)$/m.exec(readFileSync(file, 'utf8'))
  return line === null ? [] : line[1].trim().split(/\s+/)
}
