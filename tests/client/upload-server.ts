// A server of sockets that plays a script, one step for each request, and notes what reached it.
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { serve } from '../support/server.js'

export interface Seen {
  readonly method: string | undefined
  readonly target: string | undefined
  readonly headers: http.IncomingHttpHeaders
  readonly asked: boolean
  bytes: number
}

export type Step = (request: IncomingMessage, response: ServerResponse, seen: Seen) => void

/** Steps are played in order, and the last one again and again. */
export async function scripted(...steps: readonly Step[]) {
  const seen: Seen[] = []
  const play = (request: IncomingMessage, response: ServerResponse): void => {
    const step = steps[Math.min(seen.length, steps.length - 1)]
    const { method, url: target, headers } = request
    const asked = headers.expect === '100-continue'
    const noted: Seen = { method, target, headers, asked, bytes: 0 }
    seen.push(noted)
    request.on('error', () => undefined)
    step?.(request, response, noted)
  }
  const server = http.createServer(play)
  server.on('checkContinue', play)
  const { url, port } = await serve(server)
  return { url, port, seen, server }
}

/** Answers from the head, and closes. */
export function answer(status: number, headers: http.OutgoingHttpHeaders = {}): Step {
  return (_request, response) => {
    response.writeHead(status, { Connection: 'close', ...headers })
    response.end(`${status}\n`)
  }
}

/** Asks for content where that is expected, reads it, and answers. */
export function take(status = 201): Step {
  return (request, response, seen) => {
    if (seen.asked) response.writeContinue()
    request.on('data', (bytes: Buffer) => {
      seen.bytes += bytes.length
    })
    request.on('end', () => response.writeHead(status).end(`${seen.bytes}\n`))
  }
}

export const hangUp: Step = (request) => void request.socket.destroy()

/** Reads some of the content, and resets the connection. */
export const dieMidway: Step = (request, response, seen) => {
  if (seen.asked) response.writeContinue()
  request.once('data', () => request.socket.resetAndDestroy())
}

/** A stream that counts how often it was read from. */
export function counting(size: number): { stream: Readable; reads(): number } {
  let reads = 0
  let left = size
  const stream = new Readable({
    read() {
      reads += 1
      const bytes = Math.min(left, 65_536)
      left -= bytes
      this.push(bytes === 0 ? null : Buffer.alloc(bytes, 1))
    },
  })
  return { stream, reads: () => reads }
}
