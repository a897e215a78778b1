// What a route may do to an upload, by the last part of its address.

import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Latch, latch } from '../../support/server.js'

export interface Routes {
  readonly save: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** The route was reached. */
  readonly reached: Promise<void>
  /** Lets `/later` answer. */
  readonly finish: Latch
  /** Content bytes that the route has read. */
  read(): number
  /** What the request stream failed with. */
  failure(): unknown
}

export function routes(): Routes {
  const arrived = latch()
  const finish = latch()
  let bytes = 0
  let failure: unknown
  return {
    reached: arrived.opened,
    finish,
    read: () => bytes,
    failure: () => failure,
    async save(request, response) {
      arrived.open()
      request.on('error', (error) => {
        failure = error
      })
      const way = request.url?.split('/').at(-1)
      switch (way) {
        case 'read':
          await drained(request, (part) => {
            bytes += part.byteLength
          })
          return void response.writeHead(201).end('stored')
        case 'empty':
          await drained(request)
          return void response.writeHead(204).end()
        case 'unread':
          return void response.writeHead(403).end('no')
        case 'half':
          request.on('error', () => {})
          await once(request, 'data')
          return void response.writeHead(422).end('enough')
        case 'throw':
          throw new Error('the route fails')
        case 'reject':
          await once(request, 'data')
          throw new Error('the route fails midway')
        case 'later':
          await finish.opened
          return void response.writeHead(202).end('later')
        case 'slow-reader':
          request.on('error', () => {})
          request.on('data', () => {})
          await finish.opened
          return
        case 'destroy-request':
          request.on('error', () => {})
          request.destroy()
          return
        case 'destroy-response':
          response.destroy()
          return
        case 'begin-and-destroy':
          response.writeHead(200, { 'Content-Length': 100 }).write('half')
          response.destroy()
          return
        case 'never':
          request.on('error', () => {})
          return
        default:
          throw new Error(`There is no way ${way}`)
      }
    },
  }
}

async function drained(
  request: IncomingMessage,
  take: (part: Buffer) => void = () => {},
): Promise<void> {
  request.resume()
  // A listener, so that it is read and not only discarded.
  request.on('data', take)
  await once(request, 'end')
}
