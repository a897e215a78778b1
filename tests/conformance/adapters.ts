// Who runs the whole suite: every adapter of the workspace, found there, so that none is left out,
// and `attach` on bare Node. What they are wired to is in packages/conformance/harnesses.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

const packages = path.resolve(__dirname, '../../packages')

/** Packages that are no adapters. */
const others = new Set([
  'admission',
  'client',
  'conformance',
  'core',
  'doctor',
  'gateway',
  'metrics',
])

export const adapters: readonly string[] = readdirSync(packages)
  .filter((name) => existsSync(path.join(packages, name, 'package.json')) && !others.has(name))
  .map((name) => `${name}-gated`)

export const harnesses: readonly string[] = [...adapters, 'node-attached']
