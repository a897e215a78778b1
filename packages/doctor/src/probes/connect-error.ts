// Why no connection came about, in one line that says what to do. That a server has no TLS is said only by
// what its first handshake came to: one that has spoken TLS does not lose it.

import { WaitedInVain } from '@expectation/conformance'
import { DoctorError } from '../errors.js'
import type { Target } from './target.js'

const UNREACHABLE: ReadonlySet<string | undefined> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
])

/** What Node's TLS says when the peer answers with anything but TLS. */
const NO_TLS = /wrong version number|packet length too long|EPROTO|unexpected message|http request/i

/** Of the first handshake of a run. */
export function handshakeError(error: unknown, target: Target): Error {
  const { code, message } = read(error)
  if (error instanceof DoctorError || !NO_TLS.test(`${code} ${message}`)) {
    return connectError(error, target)
  }
  const text = `${placeOf(target)} does not speak TLS. Write ${plainOf(target)} instead.`
  return new DoctorError('no_tls', text, { cause: error })
}

/** Of any other connection. What is no failure of a connection stays as it is. */
export function connectError(error: unknown, target: Target): Error {
  if (error instanceof DoctorError) return error
  const { secure } = target.address
  const at = placeOf(target)
  const { code } = read(error)
  const cause = { cause: error }
  if (code === 'ECONNREFUSED') {
    const text = `Nobody accepts connections at ${at}. Is the server running, and is this its port?`
    return new DoctorError('connection_refused', text, cause)
  }
  if (UNREACHABLE.has(code)) {
    const text = `${at} cannot be reached (${code}). Check the name and the network.`
    return new DoctorError('host_unreachable', text, cause)
  }
  if (error instanceof WaitedInVain || code === 'ETIMEDOUT') {
    const text = `No connection to ${at} in time. Check address and firewall, or wait longer: --timeout 20.`
    return new DoctorError('timed_out', text, cause)
  }
  if (secure && /^(?:ERR_SSL_|EPROTO$)/.test(code)) {
    return new DoctorError('tls_refused', `${at} ${whyTls(code)}`, cause)
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    const hint = secure ? ` If it does not speak TLS: ${plainOf(target)}.` : ''
    return new DoctorError('not_http', `${at} ends the connection before it answers.${hint}`, cause)
  }
  return error instanceof Error ? error : new Error(String(error))
}

/** By the alert that the server has sent (RFC 8446 section 6, RFC 7301 section 3.2). */
function whyTls(code: string): string {
  if (code.includes('NO_APPLICATION_PROTOCOL')) {
    return 'does not speak HTTP/1.1 over TLS, as if it spoke HTTP/2 only. The doctor asks most over HTTP/1.1.'
  }
  if (/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA/.test(code)) {
    return 'wants a certificate of its clients. The doctor has none: look from behind that.'
  }
  const words = code
    .replace(/^ERR_SSL_/, '')
    .replaceAll('_', ' ')
    .toLowerCase()
  // RFC 5246 section 7.4.6: TLS 1.2 has no alert of its own for a certificate that is missing.
  const perhaps = code.includes('HANDSHAKE_FAILURE')
    ? ' It may want a certificate of its clients; the doctor has none.'
    : ''
  return `does not agree to TLS with the doctor (${words}).${perhaps}`
}

/** What Node calls it; of a connection that was not made in time nothing. */
export function codeOf(error: unknown): string {
  return read(error).code
}

interface Told {
  readonly code: string
  readonly message: string
}

/** An error may be of another realm, so it is known by what it has. */
function read(error: unknown): Told {
  if (typeof error !== 'object' || error === null) return { code: '', message: '' }
  const [code, message, errors] = ['code', 'message', 'errors'].map((name): unknown =>
    Reflect.get(error, name),
  )
  // With several addresses for a name, Node reports all failures together.
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  return {
    code: typeof code === 'string' ? code : read(first).code,
    message: typeof message === 'string' ? message : '',
  }
}

function placeOf({ address }: Target): string {
  return `${address.host} port ${address.port}`
}

function plainOf({ origin }: Target): string {
  return origin.replace('https:', 'http:')
}
