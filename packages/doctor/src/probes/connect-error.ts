// Why no connection came about, in one line that says what to do.

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

export function connectError(error: unknown, { origin, address }: Target): Error {
  if (error instanceof DoctorError) return error
  const at = `${address.host} port ${address.port}`
  const { code, message } = error instanceof Error ? withCode(error) : { code: '', message: '' }
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
  if (address.secure && (NO_TLS.test(`${code} ${message}`) || code === 'ECONNRESET')) {
    const text = `${at} does not speak TLS. Write ${origin.replace('https:', 'http:')} instead.`
    return new DoctorError('no_tls', text, cause)
  }
  if (address.secure && code.startsWith('ERR_SSL_')) {
    return new DoctorError('tls_refused', `${at} ${whyTls(code)}`, cause)
  }
  if (code === 'ECONNRESET') {
    return new DoctorError('not_http', `${at} resets the connection before it answers.`, cause)
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

function withCode(error: NodeJS.ErrnoException): { code: string; message: string } {
  // With several addresses for a name, Node reports all failures together.
  const first = error instanceof AggregateError ? error.errors[0] : undefined
  const code = error.code ?? (first instanceof Error ? withCode(first).code : '')
  return { code, message: error.message }
}
