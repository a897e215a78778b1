// Why a run cannot begin, in one sentence that says what to change.

import type { Address } from '../wire/address.js'

export type PreflightCode = 'NO_SERVER' | 'NOT_HTTP' | 'WRONG_ROLE'

/** The run cannot begin; the message says what to change. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError'

  constructor(
    readonly code: PreflightCode,
    message: string,
  ) {
    super(message)
  }
}

/** The connection broke, or what came over it is no HTTP. */
const ENDED: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'EPROTO'])
/** What Node's TLS says when the peer answers with anything but TLS. */
const NO_TLS =
  /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|HTTP_REQUEST|^EPROTO$/

export function unanswered(
  error: unknown,
  { host, port, secure, authority }: Address,
  protocol: 'HTTP/1.1' | 'HTTP/2',
): PreflightError {
  const where = `${host}:${port}`
  const code = codeOf(error)
  if (secure && NO_TLS.test(code)) {
    const remedy = `If it is meant to speak none, write http://${authority}`
    return new PreflightError('NOT_HTTP', `${where} does not speak TLS (${code}). ${remedy}`)
  }
  if (secure && code.startsWith('ERR_SSL_')) {
    return new PreflightError('NOT_HTTP', `${where} does not agree to TLS (${code})`)
  }
  if (/^E[A-Z_]+$/.test(code) && !code.startsWith('ERR_') && !ENDED.has(code)) {
    return new PreflightError(
      'NO_SERVER',
      `No server answers at ${where} (${code}). Start it first`,
    )
  }
  const shown = error instanceof Error ? error.message : String(error)
  return new PreflightError('NOT_HTTP', `${where} does not answer in ${protocol}: ${shown}`)
}

/** Of the error, or of what caused it. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  const code: unknown = Reflect.get(error, 'code')
  return typeof code === 'string' ? code : codeOf(Reflect.get(error, 'cause'))
}
