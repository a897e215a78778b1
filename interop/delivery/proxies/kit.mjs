// A proxy in front of a server: real program, own folder, unprivileged port on loopback.
import { mkdirSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { start, stop } from '../child.mjs'

export async function freePort() {
  const server = net.createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A folder that the proxy's own user may write to, whoever that is. */
export function folderFor(parent, name) {
  const folder = path.join(parent, name.replace(/\W+/g, '-'))
  mkdirSync(folder, { recursive: true, mode: 0o777 })
  return folder
}

export function write(folder, name, text) {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

/** Starts the proxy and waits until it passes a GET on. */
export async function launch({ program, args, port, folder }) {
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = start(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    words = (words + text).slice(-2000)
  })
  const url = `http://127.0.0.1:${port}`
  for (let look = 0; look < 100; look += 1) {
    const passes = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (passes) return { url, stop: () => stop(child) }
    if (child.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await stop(child)
  throw new Error(`${program} does not pass requests on: ${words}`)
}
