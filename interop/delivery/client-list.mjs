// The clients of the matrix: each is a command that takes `<url> <rounds> <bytes>`.
import { createRequire } from 'node:module'
import path from 'node:path'
import { finish } from './child.mjs'
import { Missing, need, versionOf } from './programs.mjs'

const require = createRequire(import.meta.url)
const at = (file) => path.join(import.meta.dirname, 'clients', file)

/** Debian's Python knows Debian's modules; another one in the way may not. */
const PYTHON = ['/usr/bin/python3', 'python3']

/** `prepare` returns the command and the version, or throws `Missing`. `essential`: 100 of 100. */
const all = [
  { name: 'curl', essential: true, prepare: curl },
  { name: 'Node http, keep-alive agent', essential: true, prepare: () => node('node-http.mjs') },
  {
    name: 'Node http, no agent',
    essential: true,
    prepare: () => node('node-http.mjs', { CLIENT_AGENT: 'none' }),
  },
  { name: 'Node fetch', essential: true, prepare: () => node('fetch.mjs') },
  { name: 'axios', prepare: () => node('axios.mjs', {}, 'axios') },
  { name: 'got', prepare: () => node('got.mjs', {}, 'got') },
  { name: 'Python http.client', blind: true, prepare: () => python('py_http_client.py') },
  { name: 'Python requests', blind: true, prepare: () => python('py_requests.py', 'requests') },
  { name: 'Python httpx', blind: true, prepare: () => python('py_httpx.py', 'httpx') },
  { name: 'Python aiohttp', blind: true, prepare: () => python('py_aiohttp.py', 'aiohttp') },
  { name: 'Go net/http', essential: true, prepare: go },
  { name: 'Java HttpClient', blind: true, prepare: java },
  { name: 'Chromium fetch', essential: true, prepare: chromium },
]

/** Every client that can run here, and for the others why not. `folder` takes what is compiled. */
export async function clients(folder, wanted = () => true) {
  const ready = []
  const skipped = []
  for (const client of all.filter(({ name }) => wanted(name))) {
    try {
      ready.push({ ...client, ...(await client.prepare(folder)) })
    } catch (problem) {
      if (!(problem instanceof Missing)) throw problem
      skipped.push({ name: client.name, reason: problem.message })
    }
  }
  return { ready, skipped }
}

function node(file, env = {}, library = undefined) {
  const version = library === undefined ? process.versions.node : libraryVersion(library)
  return { command: [process.execPath, at(file)], env, version }
}

function libraryVersion(name) {
  const entry = require.resolve(name)
  const folder = entry.slice(
    0,
    entry.lastIndexOf(`${path.sep}${name}${path.sep}`) + name.length + 2,
  )
  return require(path.join(folder, 'package.json')).version
}

async function curl() {
  const version = await versionOf(need('curl', 'curl'), '--version')
  return { command: [process.execPath, at('curl.mjs')], version }
}

async function python(file, module = undefined) {
  const program = need('Python 3', ...PYTHON)
  if (module === undefined) {
    return { command: [program, at(file)], version: await versionOf(program, '--version') }
  }
  const asked = await finish(program, ['-c', `import ${module}; print(${module}.__version__)`])
  if (asked.code !== 0) throw new Missing(`the Python module ${module} is not installed`)
  return { command: [program, at(file)], version: asked.stdout.trim() }
}

async function go(folder) {
  const program = need('Go', 'go')
  const binary = path.join(folder, 'go-client')
  const env = { ...process.env, GOCACHE: path.join(folder, 'go-cache'), GO111MODULE: 'off' }
  const built = await finish(program, ['build', '-o', binary, at('main.go')], {
    withinMs: 180_000,
    env,
  })
  if (built.code !== 0) throw new Error(`The Go client does not build: ${built.stderr}`)
  return { command: [binary], version: await versionOf(program, 'version') }
}

async function java(folder) {
  const compiler = need('a JDK', 'javac')
  const program = need('Java', 'java')
  const built = await finish(compiler, ['-d', folder, at('Delivery.java')], { withinMs: 120_000 })
  if (built.code !== 0) throw new Error(`The Java client does not build: ${built.stderr}`)
  return {
    command: [program, '-cp', folder, 'Delivery'],
    version: await versionOf(program, '-version'),
  }
}

async function chromium() {
  const program = need('Chromium', 'chromium', 'chromium-browser', 'google-chrome')
  return {
    command: [process.execPath, at('chromium.mjs')],
    env: { CLIENT_CHROMIUM: program },
    version: await versionOf(program, '--version'),
  }
}
