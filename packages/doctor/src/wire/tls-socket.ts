// Connections with TLS, made the same way for every purpose: certificates are looked at by who reports on
// them, so none ends a handshake here.

import net from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { Address } from '@expectation/conformance'
import { DoctorError } from '../errors.js'

/** What is offered to the server, to choose one of (ALPN, RFC 7301). */
export type Protocol = 'h2' | 'http/1.1'

/** A socket that is connecting. */
export function tlsSocket(to: Address, protocols: readonly Protocol[]): TLSSocket {
  return connect({
    host: to.host,
    port: to.port,
    rejectUnauthorized: false,
    ALPNProtocols: [...protocols],
    ...(net.isIP(to.host) === 0 ? { servername: to.host } : {}),
  })
}

export interface HandshakeOptions {
  readonly protocols: readonly Protocol[]
  readonly withinMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * A socket whose handshake is done; the caller destroys it.
 *
 * @throws DoctorError - `timed_out`; whatever else ends the connection is thrown as it is
 */
export async function handshake(
  to: Address,
  { protocols, withinMs, signal }: HandshakeOptions,
): Promise<TLSSocket> {
  signal?.throwIfAborted()
  const socket = tlsSocket(to, protocols)
  return new Promise((resolve, reject) => {
    const settle = (tell: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      socket.removeListener('end', ended)
      tell()
    }
    const fail = (error: unknown): void =>
      settle(() => {
        socket.destroy()
        reject(error)
      })
    const stop = (): void => fail(signal?.reason)
    const ended = (): void =>
      fail(Object.assign(new Error('ended in the handshake'), { code: 'ECONNRESET' }))
    const timer = setTimeout(() => {
      const text = `No TLS handshake with ${to.host} port ${to.port} within ${withinMs} ms.`
      fail(new DoctorError('timed_out', text))
    }, withinMs)
    signal?.addEventListener('abort', stop)
    // It stays: what fails behind the handshake is seen by who uses the socket.
    socket.on('error', fail)
    socket.once('end', ended)
    socket.once('secureConnect', () => settle(() => resolve(socket)))
  })
}
