// Law 3 as one question: did a client that never looked up get this answer, whole and undisturbed?
import type { Witnessed } from './blind-upload.js'
import type { WireResponse } from './parse-response.js'

/** The whole answer, then FIN, nothing else, and no reset however much was still being sent. */
export function delivered(
  seen: Witnessed,
  status: number,
  connection: 'close' | 'keep-alive' = 'close',
): WireResponse {
  const { response } = seen
  expect({
    status: response?.status,
    connection: response?.field('connection')?.toLowerCase(),
    rest: seen.rest,
    ended: seen.ended,
    error: seen.error,
  }).toEqual({ status, connection, rest: '', ended: true, error: undefined })
  if (response === undefined) throw new Error('unreachable')
  return response
}

/** The client cannot take what it got for a whole response (RFC 9112 section 8). */
export function notWhole(seen: Witnessed): void {
  expect(seen.response).toBeUndefined()
}
