// What would be published is complete, loads under every way of resolving, and says what it needs.
// CommonJS alone. `node10` sees no `exports`: tests/consumers asks it about the subpath that has types.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readImports } from './imports/read-imports.mjs'
import {
  commandOf,
  filesBelow,
  memberDirectories,
  readJson,
  root,
  runNode,
  runPnpm,
} from './workspace.mjs'

const SHIPPED =
  /^package\/(dist\/.*\.(js|js\.map|d\.ts)|index\.(js|d\.ts)|dashboards\/.*\.json|alerts\/.*\.yml|package\.json|README\.md|LICENSE)$/

const REPOSITORY = 'https://github.com/expectation-js/expectation'

/** Types that users will see must come from packages that users will have. */
function undeclaredTypes(directory) {
  const { dependencies, peerDependencies } = readJson(`${directory}/package.json`)
  const declared = { ...dependencies, ...peerDependencies }
  return filesBelow(`${directory}/dist`, (name) => name.endsWith('.d.ts')).flatMap((file) => {
    const wanted = readImports(readFileSync(path.join(root, file), 'utf8'))
    return wanted
      .filter((name) => !/^(\.|node:)/.test(name) && !builtinModules.includes(name))
      .filter((name) => !(/^(@[^/]+\/)?[^/]+/.exec(name)[0] in declared))
      .map((name) => `${file}: '${name}' is not a dependency of its package`)
  })
}

/** npm shows a package alone: it says where its source, its pages and its issues are. */
function faultsOfManifest(directory) {
  const manifest = readJson(`${directory}/package.json`)
  const expected = {
    homepage: `${REPOSITORY}/tree/main/${directory}#readme`,
    bugs: { url: `${REPOSITORY}/issues` },
    repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory },
    license: 'MIT',
    engines: { node: '>=20' },
  }
  const wrong = Object.keys(expected).filter(
    (name) => JSON.stringify(manifest[name]) !== JSON.stringify(expected[name]),
  )
  if (!(manifest.keywords?.length > 0)) wrong.push('keywords')
  if (!manifest.description) wrong.push('description')
  return wrong.map((name) => `${name} is not as in the other packages`)
}

function faultsOfContents(archive) {
  const { stdout } = spawnSync('tar', ['-tzf', archive], { encoding: 'utf8' })
  const names = stdout.trim().split('\n')
  return [
    ...names.filter((name) => !SHIPPED.test(name)).map((name) => `ships ${name}`),
    ...['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']
      .filter((name) => !names.includes(`package/${name}`))
      .map((name) => `does not ship ${name}`),
  ]
}

const folder = mkdtempSync(path.join(tmpdir(), 'expectation-pack-'))
const faults = []
try {
  for (const directory of memberDirectories().filter((name) => name.startsWith('packages/'))) {
    const destination = path.join(folder, path.basename(directory))
    const packed = await runPnpm(['pack', '--pack-destination', destination], {
      cwd: path.join(root, directory),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const name = packed === 0 ? readdirSync(destination)[0] : undefined
    if (name === undefined) {
      faults.push(`${directory}: could not be packed`)
      continue
    }
    const archive = path.join(destination, name)
    faults.push(...undeclaredTypes(directory))
    faults.push(...faultsOfManifest(directory).map((fault) => `${directory}: ${fault}`))
    faults.push(...faultsOfContents(archive).map((fault) => `${directory}: ${fault}`))
    const types = [archive, '--profile', 'node16', '--no-emoji', '--format', 'ascii']
    if ((await runNode(commandOf('@arethetypeswrong/cli', 'attw'), types)) !== 0) {
      faults.push(`${directory}: attw has objections`)
    }
    if ((await runNode(commandOf('publint'), [archive, '--strict'])) !== 0) {
      faults.push(`${directory}: publint has objections`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

for (const fault of faults) console.error(fault)
process.exitCode = faults.length > 0 ? 1 : 0
