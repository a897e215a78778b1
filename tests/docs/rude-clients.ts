// What any server that is shown must live through: a client that leaves within its content, and content
// of undeclared length that goes over the limit while it is read.

import net from 'node:net'
import { MIB } from '../support/content.js'
import { chunks } from '../support/request.js'

const TURN_MS = 20

/** Sends both to each address that the commands name, as they name it; what comes back is dropped. */
export async function sendRudely(
  commands: readonly { readonly command: string }[],
  port: number,
): Promise<void> {
  const targets = commands.flatMap(({ command }) =>
    [...command.matchAll(/^curl.* localhost:3000(\/\S*)/gm)].map(([line, target]) => ({
      target: target?.endsWith('/') ? `${target}a` : target,
      method: /-X (\w+)/.exec(line)?.[1] ?? (/ -T /.test(line) ? 'PUT' : 'POST'),
      fields: [...line.matchAll(/-H '(Content-Type|Authorization|X-\w+): ([^']*)'/g)],
    })),
  )
  const heads = targets.map(({ target, method, fields }) => {
    const lines = fields.map(([, name, value]) => `${name}: ${value}\r\n`)
    return `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}`
  })
  for (const head of new Set(heads)) {
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`
    await send(port, `${head}Content-Length: 1000\r\n\r\npart of it`)
    await send(port, `${chunked}5\r\nhello\r\n`)
    await send(port, chunked, chunks('x'.repeat(2 * MIB)))
  }
}

async function send(port: number, ...parts: readonly string[]): Promise<void> {
  const socket = net.connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined).resume()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  for (const part of parts) {
    socket.write(part)
    await new Promise((resolve) => setTimeout(resolve, TURN_MS))
  }
  socket.destroy()
  await closed
}
