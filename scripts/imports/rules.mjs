// Arrows of import point one way: adapters -> core's Node layer -> core's pure part.
// Works on a tree in memory, so that the fixtures can prove that every rule still bites.
import { builtinModules } from 'node:module'
import path from 'node:path'
import { readImports } from './read-imports.mjs'

const OURS = '@expectation/'
/** Which of our packages one may import; every other one: core. */
const MAY_IMPORT = {
  '@expectation/client': [],
  '@expectation/gateway': ['@expectation/core', '@expectation/client'],
  '@expectation/doctor': ['@expectation/conformance', '@expectation/client'],
}
const mayImport = (home) => MAY_IMPORT[home] ?? ['@expectation/core']
const isTest = (file) => /\.test\.ts$|\/testing\//.test(file)
const packageOf = (file) => /^packages\/[^/]+/.exec(file)?.[0]
const isPure = (file) => /^packages\/core\/src\/(?!node\/|(node|register)\.ts$)/.test(file)
const isBuiltin = (name) => name.startsWith('node:') || builtinModules.includes(name)
const nameOf = (specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0]

/** `files`: path below the root -> text. `manifests`: package directory -> its package.json. */
export function findViolations({ files, manifests }) {
  const graph = new Map()
  const violations = []
  for (const [file, text] of files) {
    const targets = []
    for (const specifier of readImports(text)) {
      const target = specifier.startsWith('.') ? resolve(file, specifier, files) : undefined
      if (target) targets.push(target)
      const fault = specifier.startsWith('.')
        ? relativeFault(file, target)
        : bareFault(file, specifier, manifests)
      if (fault) violations.push(`${file}: '${specifier}' ${fault}`)
    }
    graph.set(file, targets)
  }
  const cycles = new Set(findCycles(graph))
  for (const folder of foldersOf(graph)) {
    for (const cycle of findCycles(within(folder, graph))) cycles.add(cycle)
  }
  return [...violations, ...cycles]
}

function foldersOf(graph) {
  const folders = new Set()
  for (const file of graph.keys()) {
    if (isTest(file) || packageOf(file) === undefined) continue
    for (let at = file.indexOf('/', 'packages/'.length); at > 0; at = file.indexOf('/', at + 1)) {
      folders.add(file.slice(0, at))
    }
  }
  return folders
}

/** What stands in a folder, files and folders alike, and which of that imports which. */
function within(folder, graph) {
  const entryOf = (file) => {
    if (isTest(file) || !file.startsWith(`${folder}/`)) return undefined
    const end = file.indexOf('/', folder.length + 1)
    return end < 0 ? file : file.slice(0, end)
  }
  const entries = new Map()
  for (const [file, targets] of graph) {
    const entry = entryOf(file)
    if (entry === undefined) continue
    const imported = targets.map(entryOf).filter((it) => it !== undefined && it !== entry)
    entries.set(entry, [...(entries.get(entry) ?? []), ...imported])
  }
  return entries
}

function resolve(file, specifier, files) {
  const target = path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts')
  return files.has(target) ? target : `${target} (missing)`
}

function relativeFault(file, target) {
  if (target.endsWith('(missing)')) return 'does not exist (relative imports end in .js)'
  if (packageOf(file) !== packageOf(target)) return 'leaves its package; import it by name'
  if (isTest(target) && !isTest(file)) return 'is a test; nothing shipped may import it'
  if (isPure(file) && !isTest(file) && !isPure(target)) {
    return 'is the Node layer; the pure part must not know it'
  }
  return undefined
}

function bareFault(file, specifier, manifests) {
  const home = packageOf(file)
  if (home === undefined) return undefined
  const manifest = manifests.get(home)
  if (isBuiltin(specifier)) {
    return isPure(file) && !isTest(file) ? 'is of Node; the pure part runs anywhere' : undefined
  }
  const name = nameOf(specifier)
  if (name.startsWith(OURS)) {
    if (name === manifest.name) return 'is the package itself; import it relatively'
    const allowed = mayImport(manifest.name)
    if (!allowed.includes(name)) {
      return `is not ${allowed.join(' or ') || 'allowed'}; ${manifest.name} depends on nothing else of ours`
    }
  }
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
  if (isTest(file) || name in declared) return undefined
  return `is not a dependency of ${manifest.name}`
}

function findCycles(graph) {
  const done = new Set()
  const cycles = []
  const visit = (file, trail) => {
    const start = trail.indexOf(file)
    if (start >= 0) cycles.push(`cycle: ${[...trail.slice(start), file].join(' -> ')}`)
    if (start >= 0 || done.has(file)) return
    for (const target of graph.get(file) ?? []) visit(target, [...trail, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return cycles
}
