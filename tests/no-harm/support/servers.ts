// A server of every transport, and how connections come to it.
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import net from 'node:net'
import { Duplex } from 'node:stream'
import { certificate } from '../../support/certificate.js'
import type { Transport } from './scene.js'

export type AnyServer = http.Server | https.Server | http2.Http2Server | http2.Http2SecureServer
export type Listener = (request: http.IncomingMessage, response: http.ServerResponse) => void

export function serverFor(transport: Transport, listener: Listener): AnyServer {
  switch (transport) {
    case 'tls':
      return https.createServer(certificate, listener)
    case 'h2':
      return listening(http2.createSecureServer(certificate), listener)
    case 'h2c':
      return listening(http2.createServer(), listener)
    default:
      return http.createServer(listener)
  }
}

/** Node's HTTP/2 messages have what a listener of `node:http` uses, but not its types. */
function listening<Server extends AnyServer>(server: Server, listener: Listener): Server {
  server.on('request', listener)
  return server
}

/** The server that listens: the one given, or one in front of it. */
export function frontOf(transport: Transport, server: AnyServer): net.Server {
  switch (transport) {
    case 'duplex':
      return net.createServer({ allowHalfOpen: true }, (socket) => {
        server.emit('connection', unlikeSocket(socket))
      })
    case 'outer':
      return http.createServer((request, response) => {
        request.resume()
        request.once('end', () => server.emit('request', request, response))
      })
    default:
      return server
  }
}

/** A stream with the bytes of a socket and nothing else of it: no timeout, no `unref`, no address. */
function unlikeSocket(socket: net.Socket): Duplex {
  const stream = new Duplex({
    read: () => void socket.resume(),
    write: (part: Buffer, _encoding, done) => void socket.write(part, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy()
      done(error)
    },
  })
  socket.on('data', (part: Buffer) => {
    if (!stream.push(part)) socket.pause()
  })
  socket.on('end', () => void stream.push(null))
  socket.on('error', (error) => void stream.destroy(error))
  socket.on('close', () => void stream.destroy())
  return stream
}
