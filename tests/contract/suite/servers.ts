// Servers of every transport, for wirings whose framework is a request listener.
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { certificate } from '../../support/certificate.js'
import { afterThisTest } from '../../support/cleanup.js'
import type { AnyServer, Transport } from './adapter.js'

type Listener = (request: http.IncomingMessage, response: http.ServerResponse) => unknown

export function serverFor(transport: Transport, listener: Listener): AnyServer {
  switch (transport) {
    case 'http':
      return http.createServer(listener)
    case 'https':
      return https.createServer(certificate, listener)
    case 'https-beside-http2':
      return withListener(http2.createSecureServer({ ...certificate, allowHTTP1: true }), listener)
    case 'http2':
      return withListener(http2.createSecureServer(certificate), listener)
    case 'http2-cleartext':
      return withListener(http2.createServer(), listener)
  }
}

/** Node's HTTP/2 messages have what a listener of `node:http` uses, but not its types. */
function withListener<S extends AnyServer>(server: S, listener: Listener): S {
  server.on('request', listener)
  return server
}

/** Listens on loopback; after the test it is closed with all of its connections. */
export async function listen(server: AnyServer): Promise<number> {
  const sockets = new Set<Socket>()
  const note = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  server.on('connection', note)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  afterThisTest(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return (server.address() as AddressInfo).port
}
