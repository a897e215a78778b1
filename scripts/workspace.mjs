// Where things are, and how to run them. The version of pnpm is in package.json, `config.pnpm`.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const require = createRequire(path.join(root, 'package.json'))

export function readJson(file) {
  return JSON.parse(readFileSync(path.resolve(root, file), 'utf8'))
}

/** Directories of the workspace that have a package.json, relative to the root. */
export function memberDirectories() {
  const below = (parent) => readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`)
  return [...below('packages'), ...below('examples'), 'tests'].filter((directory) => {
    return readdirSync(path.join(root, directory)).includes('package.json')
  })
}

/** Every file below a directory whose name passes, without node_modules and dist. */
export function filesBelow(directory, passes) {
  return readdirSync(path.join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(directory, entry.name)
    if (entry.isDirectory()) {
      return /^(node_modules|dist|coverage|\.git)$/.test(entry.name) ? [] : filesBelow(name, passes)
    }
    return passes(name) ? [name] : []
  })
}

/** The script behind a command of an installed package, to be run with this very Node. */
export function commandOf(packageName, command = packageName) {
  const manifest = path.join(root, 'node_modules', packageName, 'package.json')
  const { bin } = require(manifest)
  return path.join(path.dirname(manifest), typeof bin === 'string' ? bin : bin[command])
}

/** Runs to the end and resolves with the exit code. Output goes where ours goes. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

export function runNode(script, args, options) {
  return run(process.execPath, [script, ...args], options)
}

export function runPnpm(args, options) {
  const { pnpm } = readJson('package.json').config
  // npm hands its own settings down as npm_config_*; pnpm must read the workspace's instead.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_/i.test(name)),
  )
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  return run(npx, ['--yes', `pnpm@${pnpm}`, ...args], { env, ...options })
}
