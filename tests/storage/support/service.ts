// An Express application with one upload route, and what became of each upload.

import http from 'node:http'
import { type ExpectationOptions, errorHandler, expectation } from '@expectation/express'
import type { Store } from '@expectation/storage'
import express, { type Request } from 'express'
import { type Running, serve } from '../../support/server.js'

export interface Service extends Running {
  /** One for each upload whose store has settled: what it gave or threw. */
  readonly ended: unknown[]
  /** Bytes of all messages that have come in, heads included. */
  received(): number
}

export async function service(
  store: Store<Request, object>,
  options: ExpectationOptions = {},
): Promise<Service> {
  const ended: unknown[] = []
  const app = express()
  app.use(expectation(options))
  app.put('/files/:name', async (request, response) => {
    try {
      const stored = await store(request, response)
      ended.push(stored)
      response.status(201).json(stored)
    } catch (error) {
      ended.push(error)
      throw error
    }
  })
  app.use(errorHandler({ log: () => undefined }))
  const server = http.createServer(app)
  const sockets = new Set<{ readonly bytesRead: number }>()
  server.on('connection', (socket) => sockets.add(socket))
  const running = await serve(server)
  return {
    ...running,
    ended,
    received: () => [...sockets].reduce((sum, { bytesRead }) => sum + bytesRead, 0),
  }
}

export const nameOf = (request: Request): string => String(request.params.name)
