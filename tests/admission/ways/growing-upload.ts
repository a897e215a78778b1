// One upload of unknown length to a framework, on either version of HTTP, by Node's own clients.

import { once } from 'node:events'
import http from 'node:http'
import http2 from 'node:http2'
import type { Writable } from 'node:stream'
import type { ExpectationOptions } from '@expectation/core'
import { listen } from '../../contract/suite/servers.js'
import { afterThisTest } from '../../support/cleanup.js'
import { within } from '../../support/server.js'
import type { Framework, Version } from './apps.js'
import { type Routes, routes } from './routes.js'

export interface GrowingUpload extends Routes {
  readonly content: Writable
  /** Status, and what the answer says. */
  answer(): Promise<Answer>
  /** Goes away without a word. */
  leave(): void
}

export interface Answer {
  readonly status: number
  readonly text: string
}

export async function growingUpload(
  framework: Framework,
  version: Version,
  way: string,
  gate: ExpectationOptions,
): Promise<GrowingUpload> {
  const route = routes()
  const server = await framework.serve({ gate, narrow: {}, save: route.save }, version)
  const port = await listen(server)
  const path = `/files/${way}`
  const sent = version === 1 ? overHttp1(port, path) : overHttp2(port, path)
  sent.answered.catch(() => {})
  return { ...route, ...sent, answer: () => within('an answer', sent.answered, 15_000) }
}

interface Sent {
  readonly content: Writable
  readonly answered: Promise<Answer>
  leave(): void
}

function overHttp1(port: number, path: string): Sent {
  const headers = { 'Transfer-Encoding': 'chunked' }
  const content = http.request({ port, path, headers, host: '127.0.0.1', method: 'PUT' })
  content.on('error', () => {})
  afterThisTest(() => void content.destroy())
  const answered = once(content, 'response').then(async ([response]) => {
    const message = response as http.IncomingMessage
    return { status: message.statusCode ?? 0, text: await textOf(message) }
  })
  return { content, answered, leave: () => void content.destroy() }
}

function overHttp2(port: number, path: string): Sent {
  const session = http2.connect(`http://127.0.0.1:${port}`)
  session.on('error', () => {})
  afterThisTest(() => session.destroy())
  const content = session.request({ ':method': 'PUT', ':path': path })
  content.on('error', () => {})
  const answered = once(content, 'response').then(async ([head]) => {
    const status = Number((head as http2.IncomingHttpHeaders)[':status'])
    return { status, text: await textOf(content) }
  })
  return { content, answered, leave: () => session.destroy() }
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const part of stream) text += part.toString()
  return text
}
