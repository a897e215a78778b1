// What TLS says, from one handshake of its own: no request is made on it.

import type tls from 'node:tls'
import type { Address } from '@expectation/conformance'
import { DoctorError } from '../errors.js'
import type { Settings } from '../options.js'
import { handshake } from '../wire/tls-socket.js'
import { handshakeError } from './connect-error.js'
import type { Target } from './target.js'

export interface Secure {
  readonly protocol: string
  /** What the server chose of `h2` and `http/1.1` (ALPN, RFC 7301); `none` when it chose nothing. */
  readonly alpn: string
  /** Why the certificate is not trusted; absent when it is. */
  readonly untrusted: string | undefined
  /** Whole days; below zero when it has ended. */
  readonly daysLeft: number
}

const DAY_MS = 86_400_000

/**
 * TLS, where there is one, before anything is sent.
 *
 * @throws DoctorError - there is none, it is refused, or the certificate is not trusted and has to be
 */
export async function trust(
  target: Target,
  { timeoutMs, signal, insecure }: Settings,
): Promise<Secure | undefined> {
  signal?.throwIfAborted()
  const { address } = target
  if (!address.secure) return undefined
  const secure = await lookAtTls(address, timeoutMs, signal).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw handshakeError(error, target)
  })
  const { untrusted } = secure
  if (untrusted === undefined || insecure) return secure
  const text = `The certificate of ${address.host} is not trusted (${untrusted}). To look all the same: --insecure`
  throw new DoctorError('certificate_untrusted', text)
}

async function lookAtTls(to: Address, withinMs: number, signal?: AbortSignal): Promise<Secure> {
  const socket = await handshake(to, { protocols: ['h2', 'http/1.1'], withinMs, signal })
  try {
    return readSecure(socket)
  } finally {
    socket.destroy()
  }
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
