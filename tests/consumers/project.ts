// A throw-away project: what would be published, packed and installed as a user would have it, with
// nothing of the workspace in reach. Made once, for all the tests of one file.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { within } from '../support/server.js'

const root = path.resolve(__dirname, '../..')

/** Packages that are packed: all that would be published. */
export const PACKED: readonly string[] = readdirSync(path.join(root, 'packages'))

/** What the projects use beside them, in the versions that the tests have. */
const BESIDE = [
  '@fastify/http-proxy',
  '@koa/router',
  '@opentelemetry/api',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/instrumentation-http',
  '@opentelemetry/sdk-trace-node',
  '@types/express',
  '@types/koa',
  '@types/koa-mount',
  '@types/node',
  'express',
  'express4',
  'fastify',
  'http-proxy-middleware',
  'koa',
  'koa-mount',
  'prom-client',
]

export interface Ended {
  readonly code: number | null
  readonly output: string
  /** The last line, as JSON. */
  report(): unknown
}

export class Project {
  constructor(readonly folder: string) {}

  write(name: string, text: string): string {
    const file = path.join(this.folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }

  /** Runs a script with plain Node; `flags` are Node's. */
  node(name: string, text: string, flags: readonly string[] = []): Promise<Ended> {
    return ended(process.execPath, [...flags, this.write(name, text)], this.folder)
  }

  /** Runs a command of the workspace's own tools, inside this project. */
  tool(packageName: string, command: string, args: readonly string[]): Promise<Ended> {
    const found = ['node_modules', 'tests/node_modules'].map((folder) =>
      path.join(root, folder, packageName, 'package.json'),
    )
    const manifest = found.find(existsSync) ?? packageName
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      bin: string | Record<string, string>
    }
    const target = typeof bin === 'string' ? bin : bin[command]
    const script = path.join(path.dirname(manifest), target ?? '')
    return ended(process.execPath, [script, ...args], this.folder)
  }

  /** A second copy of our packages, as a dependency of a dependency would bring it. */
  copyAs(name: string): void {
    for (const packed of PACKED) {
      const from = path.join(this.folder, 'node_modules/@expectation', packed)
      const to = path.join(this.folder, name, 'node_modules/@expectation', packed)
      cpSync(from, to, { recursive: true, dereference: true })
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/**
 * @param linker - How packages are laid out: `hoisted`, as npm does, or `isolated`, where each finds
 * only what its manifest names.
 */
export async function createProject(linker: 'hoisted' | 'isolated' = 'hoisted'): Promise<Project> {
  const project = new Project(mkdtempSync(path.join(tmpdir(), 'expectation-consumer-')))
  const archives = path.join(project.folder, 'archives')
  const filters = PACKED.map((name) => `--filter=./packages/${name}`)
  await pnpm(root, ['-r', ...filters, 'pack', '--pack-destination', archives])
  const files = Object.fromEntries(
    readdirSync(archives).map((file) => [
      `@expectation/${/^expectation-(?<name>[a-z]+)-/.exec(file)?.groups?.name}`,
      `file:./archives/${file}`,
    ]),
  )
  const manifest = { private: true, dependencies: { ...files, ...versionsOf(BESIDE) } }
  project.write('package.json', JSON.stringify(manifest))
  // The packed core satisfies the adapters, and no registry knows it.
  const overrides = Object.entries(files).map(([name, file]) => `  '${name}': '${file}'\n`)
  project.write('pnpm-workspace.yaml', `nodeLinker: ${linker}\noverrides:\n${overrides.join('')}`)
  project.write('probe.cjs', PROBE)
  await pnpm(project.folder, ['install', '--prefer-offline', '--ignore-scripts', '--no-lockfile'])
  return project
}

/** Asks with these bytes, and collects what comes until the server closes or all is quiet. */
const PROBE = `
const net = require('node:net')
const head = (fields) => ['PUT /files/a HTTP/1.1', 'Host: a', ...fields, '', ''].join('\\r\\n')
exports.ask = (port, fields) => new Promise((resolve, reject) => {
  let text = ''
  const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.setEncoding('latin1')
  client.setTimeout(5000, () => client.destroy(new Error('no answer: ' + text)))
  client.on('data', (part) => {
    text += part
    if (text === 'HTTP/1.1 100 Continue\\r\\n\\r\\n') client.end('12345')
  })
  client.on('end', () => client.end())
  client.on('error', reject)
  client.on('close', () => {
    resolve([...text.matchAll(/HTTP\\/1\\.1 (\\d+)/g)].map((match) => Number(match[1])))
  })
  client.write(head(fields))
})
exports.polite = ['Expect: 100-continue', 'Content-Length: 5']
exports.large = ['Expect: 100-continue', 'Content-Length: 1000']
exports.unknown = ['Expect: something-else', 'Content-Length: 5']
exports.listen = (server) => new Promise((resolve) => {
  const started = server.listen(0, '127.0.0.1', () => resolve(started.address().port))
})
`

function versionsOf(names: readonly string[]): Record<string, string> {
  const { devDependencies } = JSON.parse(
    readFileSync(path.join(root, 'tests/package.json'), 'utf8'),
  ) as { devDependencies: Record<string, string> }
  return Object.fromEntries(
    names.map((name) => {
      const wanted = devDependencies[name] ?? ''
      if (wanted.startsWith('npm:')) return [name, wanted]
      const manifest = path.join(root, 'tests/node_modules', name, 'package.json')
      return [name, (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version]
    }),
  )
}

async function pnpm(folder: string, args: readonly string[]): Promise<void> {
  const { config } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    config: { pnpm: string }
  }
  const { code, output } = await ended('npx', ['--yes', `pnpm@${config.pnpm}`, ...args], folder)
  if (code !== 0) throw new Error(`pnpm ${args.join(' ')}:\n${output}`)
}

/** Runs to the end; npm's settings of the run that started us do not go along. */
async function ended(command: string, args: readonly string[], cwd: string): Promise<Ended> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_(config|package|lifecycle)_|JEST_|NODE_ENV$|EXPECTATION_)/i.test(name),
    ),
  )
  const child: ChildProcess = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      output += bytes.toString('utf8')
    })
  }
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve)
    child.once('error', reject)
  })
  try {
    const code = await within(`${command} to end`, closed, 120_000)
    const report = (): unknown => {
      const last = output.trim().split('\n').at(-1) ?? ''
      try {
        return JSON.parse(last)
      } catch {
        throw new Error(`no report in:\n${output}`)
      }
    }
    return { code, output, report }
  } finally {
    child.kill('SIGKILL')
  }
}
