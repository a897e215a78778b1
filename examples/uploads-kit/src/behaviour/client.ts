// Clients for the behaviour test: one that waits for 100 and one that writes raw bytes.
// Every wait ends, at the latest with the deadline below.

import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const DEADLINE_MS = 5_000

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly content: string
  /** Whether the server asked for the content with 100. */
  readonly continued: boolean
}

export type Fields = Readonly<Record<string, string | number>>

export interface Sending {
  readonly method?: string
  readonly headers?: Fields
  /** Sent when the server asks for it, or at once when there is no `Expect`. */
  readonly content?: Buffer
}

/** One request on a connection of its own. Declares the length unless the headers frame it. */
export function send(
  url: string,
  { method = 'GET', headers = {}, content }: Sending,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let continued = false
    const isFramed = content === undefined || 'Transfer-Encoding' in headers
    const length = isFramed ? {} : { 'Content-Length': content.length }
    const sent = request(url, {
      method,
      agent: false,
      headers: { ...length, ...headers },
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    sent.on('error', reject)
    sent.on('continue', () => {
      continued = true
      sent.end(content)
    })
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const status = response.statusCode ?? 0
        resolve({
          status,
          headers: response.headers,
          content: String(Buffer.concat(chunks)),
          continued,
        })
        sent.destroy()
      })
    })
    if ('Expect' in headers) sent.flushHeaders()
    else sent.end(content)
  })
}

/** A socket on which `head` and `start` of the content have been written. */
export async function beginUpload(
  origin: string,
  head: readonly string[],
  start: Buffer,
): Promise<Socket> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect', { signal: AbortSignal.timeout(DEADLINE_MS) })
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  socket.write(start)
  return socket
}

/** Asks again until the answer is yes; fails with `what` when it never is. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + DEADLINE_MS
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Never came true: ${what}`)
    await pause(10)
  }
}

/** Reads Server-Sent Events from `url` until one has `text` in it, and returns that event. */
export async function readEvent(url: string, text: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) })
  let buffered = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    buffered += decoder.decode(chunk, { stream: true })
    const found = buffered
      .split('\n\n')
      .slice(0, -1)
      .find((event) => event.includes(text))
    if (found !== undefined) return found
  }
  throw new Error(`The feed ended without '${text}'`)
}
