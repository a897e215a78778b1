// Go's net/http and nginx, where they are installed; rows for orientation, each on one core.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { certificate } from '../../interop/client/certificate.mjs'
import { stopChild } from '../children.mjs'
import { LIMIT_BYTES } from '../load/requests.mjs'

const GO_SOURCE = fileURLToPath(new URL('./context/main.go', import.meta.url))

/** @returns a started server, or nothing where the program is missing. */
export async function startForeign(name) {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-bench-'))
  const { child, port } = (await starters[name](folder)) ?? {}
  const clear = () => rmSync(folder, { recursive: true, force: true })
  if (child === undefined) {
    clear()
    return undefined
  }
  const stop = () => stopChild(child).then(clear)
  return { name, port, stop }
}

export function foreignVersion(command, args) {
  try {
    const shown = execFileSync(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    return /\d+(\.\d+)+/.exec(shown.toString())?.[0]
  } catch {
    return undefined
  }
}

const starters = {
  go: (folder) => startGo(folder),
  async 'h2-tls/go'(folder) {
    const files = Object.entries(await certificate()).map(([name, text]) => {
      const file = path.join(folder, name)
      writeFileSync(file, text)
      return file
    })
    return startGo(folder, ...files)
  },
  nginx: (folder) => startNginx(folder, ''),
  'h2/nginx': (folder) => startNginx(folder, ' http2'),
}

async function startGo(folder, ...tls) {
  const binary = path.join(folder, 'server')
  try {
    execFileSync('go', ['build', '-o', binary, GO_SOURCE], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  const env = { ...process.env, GOMAXPROCS: '1' }
  const child = spawn(binary, [String(LIMIT_BYTES), ...tls], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = await once(child.stdout, 'data')
  return { child, port: Number(line) }
}

async function startNginx(folder, protocol) {
  const port = await freePort()
  writeFileSync(path.join(folder, 'nginx.conf'), nginxConfiguration(folder, port, protocol))
  const args = ['-p', folder, '-c', path.join(folder, 'nginx.conf')]
  const child = spawn('nginx', args, { stdio: 'ignore' })
  const failed = once(child, 'error').then(() => false)
  return (await Promise.race([listening(port), failed])) ? { child, port } : undefined
}

/** One worker in the foreground; uploads are discarded, since nginx alone does nothing with them. */
function nginxConfiguration(folder, port, protocol) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join('\n  ')
  return `daemon off; master_process off; pid ${folder}/pid; error_log /dev/null;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 100000000;
  ${temporary}
  client_max_body_size ${LIMIT_BYTES};
  server {
    listen 127.0.0.1:${port}${protocol};
    location = / { return 200 '{"hello":"world"}'; }
    location = /json { return 200 '{"length":1013}'; }
    location = /upload { return 200 '{"bytes":0}'; }
  }
}
`
}

async function freePort() {
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
