// What stands in front of the same upstream: our gateway, http-proxy, the least that Node can do, HAProxy on
// one thread as Debian installs it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { stopChild } from '../children.mjs'

const NODE_PROXY = fileURLToPath(new URL('./node-proxy.mjs', import.meta.url))

/** By their names in the table; HAProxy is left out where there is none. */
export const proxies = {
  gateway: node('gateway'),
  'gateway, asks always': node('gateway-always'),
  'http-proxy': node('http-proxy'),
  'Node: `http.request`': node('least-http'),
  'Node: `net`, no HTTP': node('least-bytes'),
  HAProxy: startHaproxy,
}

function node(kind) {
  return async (upstream, { objects, flags }) => {
    const args = [...flags, NODE_PROXY, kind, String(upstream), String(objects)]
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_ENV: 'production' },
    })
    const [line] = await once(child.stdout, 'data')
    return { child, port: Number(line), stop: () => stopChild(child) }
  }
}

async function startHaproxy(upstream) {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-bench-'))
  const port = await freePort()
  const file = path.join(folder, 'haproxy.cfg')
  writeFileSync(file, haproxyConfiguration(port, upstream))
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' })
  const failed = once(child, 'error').then(() => false)
  const clear = () => rmSync(folder, { recursive: true, force: true })
  if (!(await Promise.race([listening(port), failed]))) {
    clear()
    return undefined
  }
  return { child, port, stop: () => stopChild(child).then(clear) }
}

const haproxyConfiguration = (port, upstream) => `global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend front
  bind 127.0.0.1:${port}
  default_backend back
backend back
  server upstream 127.0.0.1:${upstream}
`

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

async function listening(port) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = net.connect(port, '127.0.0.1')
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (open) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}
