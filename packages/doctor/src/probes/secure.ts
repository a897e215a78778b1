// What TLS says, from one handshake of its own: no request is made on it.

import net from 'node:net'
import tls from 'node:tls'
import type { Address } from '@expectation/conformance'
import { DoctorError } from '../errors.js'

export interface Secure {
  readonly protocol: string
  /** What the server chose of `h2` and `http/1.1` (ALPN, RFC 7301); `none` when it chose nothing. */
  readonly alpn: string
  /** Why the certificate is not trusted; absent when it is. */
  readonly untrusted: string | undefined
  readonly daysLeft: number
}

const DAY_MS = 86_400_000

export async function lookAtTls(
  to: Address,
  withinMs: number,
  signal?: AbortSignal,
): Promise<Secure> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: to.host,
      port: to.port,
      rejectUnauthorized: false,
      ALPNProtocols: ['h2', 'http/1.1'],
      ...(net.isIP(to.host) === 0 ? { servername: to.host } : {}),
    })
    const stop = (): void => settle(() => reject(signal?.reason))
    const timer = setTimeout(() => {
      const text = `No TLS handshake with ${to.host} port ${to.port} within ${withinMs} ms.`
      settle(() => reject(new DoctorError('timed_out', text)))
    }, withinMs)
    const settle = (tell: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      socket.destroy()
      tell()
    }
    signal?.addEventListener('abort', stop)
    socket.once('error', (error) => settle(() => reject(error)))
    // A peer that ends the connection in the handshake has not spoken TLS.
    socket.once('end', () =>
      settle(() => reject(Object.assign(new Error('ended'), { code: 'EPROTO' }))),
    )
    socket.once('secureConnect', () => {
      const secure = readSecure(socket)
      settle(() => resolve(secure))
    })
  })
}

function readSecure(socket: tls.TLSSocket): Secure {
  const until = Date.parse(socket.getPeerCertificate().valid_to)
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    alpn: socket.alpnProtocol || 'none',
    untrusted: socket.authorized ? undefined : reasonOf(socket.authorizationError),
    daysLeft: Math.floor((until - Date.now()) / DAY_MS),
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Does a server that was spoken to without TLS speak it? */
export async function speaksTls(
  to: Address,
  withinMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const speaks = await lookAtTls(to, withinMs, signal).then(
    () => true,
    () => false,
  )
  signal?.throwIfAborted()
  return speaks
}
