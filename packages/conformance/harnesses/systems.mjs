// Every system that is measured: how it is started, and which version it is.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const require = createRequire(import.meta.url)
const all = JSON.parse(readFileSync(path.join(here, 'routes.json'), 'utf8'))
const routesOf = (...roles) => Object.fromEntries(roles.map((role) => [role, all[role]]))
const without = (...roles) => routesOf(...Object.keys(all).filter((role) => !roles.includes(role)))

// What a gateway answers by itself, and what it passes on to the application behind it.
const gateway = (...more) =>
  routesOf(
    'hello',
    'reads',
    'refuses',
    'limit',
    'missing',
    'slow',
    'readsThenRefuses',
    'counts',
    ...more,
  )

const versionIn = (name) => {
  const manifest = require.resolve
    .paths(name)
    .map((below) => path.join(below, name, 'package.json'))
  for (const file of manifest) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')).version
    } catch {}
  }
  return '?'
}
const said = (command, args, pattern) => {
  const found = execFileSync('sh', ['-c', `${command} ${args} 2>&1`], { encoding: 'utf8' })
  return pattern.exec(found)?.[1] ?? '?'
}

const node = (title, script, name, routes = all) => ({
  title,
  routes,
  ours: script.endsWith('-gated') || script.endsWith('-attached'),
  version: () => (name === undefined ? process.versions.node : versionIn(name)),
  start: () => [process.execPath, [path.join(here, `${script}.mjs`)]],
})

const withFile = (title, folder, file, routes, version, command) => ({
  title,
  routes,
  version,
  behind: true,
  start({ dir, port, backend }) {
    const text = readFileSync(path.join(here, folder, file), 'utf8')
    const known = { dir, port, backend, user: userInfo().username }
    const filled = text.replaceAll(/\{\{(\w+)\}\}/g, (_all, name) => String(known[name]))
    const target = path.join(dir, file)
    writeFileSync(target, filled)
    return command(target, dir)
  },
})

const built = new Map()
function goProgram() {
  if (!built.has('go')) {
    const dir = mkdtempSync(path.join(tmpdir(), 'conformance-go-'))
    const out = path.join(dir, 'server')
    execFileSync('go', ['build', '-o', out, path.join(here, 'go', 'main.go')], {
      env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '' },
    })
    process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
    built.set('go', out)
  }
  return built.get('go')
}

export const systems = {
  'express-gated': node('Express, gated', 'express-gated', 'express'),
  'koa-gated': node('Koa, gated', 'koa-gated', 'koa'),
  'fastify-gated': node('Fastify, gated', 'fastify-gated', 'fastify'),
  'node-attached': node('Node, attached', 'node-attached'),
  node: node('Node', 'node'),
  express: node('Express', 'express', 'express'),
  koa: node('Koa', 'koa', 'koa'),
  fastify: node('Fastify', 'fastify', 'fastify'),
  hapi: node('hapi', 'hapi', '@hapi/hapi', without('partial')),
  hono: node('Hono on Node', 'hono', 'hono', without('partial')),
  go: {
    title: 'Go net/http',
    routes: all,
    version: () => said('go', 'version', /go(\d[\d.]*)/),
    start: () => [goProgram(), []],
  },
  uvicorn: {
    title: 'uvicorn',
    routes: all,
    version: () => said('uvicorn', '--version', /uvicorn (\S+)/),
    start: ({ port }) => [
      'uvicorn',
      [
        '--app-dir',
        path.join(here, 'uvicorn'),
        '--port',
        String(port),
        '--no-access-log',
        'app:app',
      ],
    ],
  },
  nginx: withFile(
    'nginx',
    'nginx',
    'nginx.conf',
    gateway('early'),
    () => said('nginx', '-v', /nginx\/(\S+)/),
    (file, dir) => ['nginx', ['-c', file, '-p', dir, '-e', path.join(dir, 'error.log')]],
  ),
  apache: withFile(
    'Apache',
    'apache',
    'httpd.conf',
    // LimitRequestBody does not apply to proxied requests.
    without(...Object.keys(all).filter((role) => role === 'limit' || !(role in gateway()))),
    () => said('apache2', '-v', /Apache\/(\S+)/),
    (file) => ['apache2', ['-X', '-f', file]],
  ),
  lighttpd: withFile(
    'lighttpd',
    'lighttpd',
    'lighttpd.conf',
    { ...gateway(), limit: 'POST /unlimited 1024' },
    () => said('lighttpd', '-v', /lighttpd\/(\S+)/),
    (file) => ['lighttpd', ['-D', '-f', file]],
  ),
  haproxy: withFile(
    'HAProxy',
    'haproxy',
    'haproxy.cfg',
    gateway('early'),
    () => said('haproxy', '-v', /version (\d[\d.]*)/),
    (file) => ['haproxy', ['-db', '-f', file]],
  ),
  caddy: withFile(
    'Caddy',
    'caddy',
    'Caddyfile',
    gateway('early'),
    () => said('caddy', 'version', /v?(\d[\d.]*)/),
    (file) => ['caddy', ['run', '--config', file, '--adapter', 'caddyfile']],
  ),
}

export async function startSystem(name) {
  const system = systems[name]
  const backend = system.behind ? await startSystem('go') : undefined
  const dir = mkdtempSync(path.join(tmpdir(), `conformance-${name}-`))
  mkdirSync(dir, { recursive: true })
  const port = await freePort()
  const [command, args] = system.start({ dir, port, backend: backend?.port })
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      HOME: dir,
      XDG_DATA_HOME: dir,
      XDG_CONFIG_HOME: dir,
    },
  })
  let log = ''
  child.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-4000)
  })
  const exited = new Promise((resolve) => {
    child.once('exit', resolve)
    child.once('error', (error) => {
      log += error.message
      resolve()
    })
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 2000)
    await exited
    clearTimeout(timer)
    await backend?.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await listening(port, child)
  } catch (error) {
    await stop()
    throw new Error(`${name} did not start: ${error.message}\n${log}`)
  }
  return { port, url: `http://127.0.0.1:${port}`, stop }
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

async function listening(port, child) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.pid === undefined) throw new Error('there is no such program')
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('nothing listens')
}
