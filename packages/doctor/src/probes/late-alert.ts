// A server that refuses TLS after the handshake. In TLS 1.3 a client is done before the server has looked
// at its certificate (RFC 8446 section 4.4.2.4), so the alert follows. What was written meanwhile makes
// TCP reset the connection, and the alert may be lost with it: so one more connection only listens.

import type { Address } from '@expectation/conformance'
import type { Settings } from '../options.js'
import type { Seen } from '../wire/seen.js'
import { tlsSocket } from '../wire/tls-socket.js'
import { connectError } from './connect-error.js'
import type { Target } from './target.js'

/** An alert comes as soon as the server has what the client has sent last. */
const LISTEN_MS = 1_000

/** What to end the run with, when a connection was cut because the server does not take this client. */
export async function refusedLate(
  seen: Seen,
  target: Target,
  { timeoutMs, signal }: Settings,
): Promise<Error | undefined> {
  const answered = seen.final !== undefined || seen.interim.length > 0
  const silently = seen.after === 'cut' && seen.unconnected === undefined && !answered
  if (!target.address.secure || !silently) return undefined
  const withinMs = Math.min(timeoutMs, LISTEN_MS)
  const alert = isAlert(seen.failure)
    ? seen.failure
    : await alertBehind(target.address, withinMs, signal)
  signal?.throwIfAborted()
  return alert === undefined ? undefined : connectError(alert, target)
}

function isAlert(error: NodeJS.ErrnoException | undefined): boolean {
  return error?.code?.startsWith('ERR_SSL_') === true
}

function alertBehind(
  to: Address,
  withinMs: number,
  signal?: AbortSignal,
): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const socket = tlsSocket(to, ['http/1.1'])
    const settle = (alert?: Error): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      socket.destroy()
      resolve(alert)
    }
    const stop = (): void => settle()
    const timer = setTimeout(stop, withinMs)
    signal?.addEventListener('abort', stop)
    socket.on('error', (error) => settle(isAlert(error) ? error : undefined))
    socket.once('close', stop)
    // An alert is read with the data, of which there should be none.
    socket.resume()
  })
}
