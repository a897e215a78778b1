// A server of Node's HTTP/2 on loopback, closed after the test with every session.

import { once } from 'node:events'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { UploadRequest, UploadResponse } from '@expectation/storage'
import { afterThisTest } from '../../support/cleanup.js'

export interface Http2Service {
  readonly port: number
  /** Bytes that have come in, frames and heads included. */
  received(): number
}

export async function serveHttp2(
  listener: (request: UploadRequest, response: UploadResponse) => void,
): Promise<Http2Service> {
  const server = http2.createServer(listener)
  const sessions = new Set<http2.ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session))
  const sockets = new Set<{ readonly bytesRead: number }>()
  server.on('connection', (socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterThisTest(async () => {
    const closed = once(server, 'close')
    server.close()
    for (const session of sessions) session.destroy()
    await closed
  })
  return {
    port: (server.address() as AddressInfo).port,
    received: () => [...sockets].reduce((sum, { bytesRead }) => sum + bytesRead, 0),
  }
}
