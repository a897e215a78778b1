// Node keeps the first 1000 fields of an answer and drops the rest. What is dropped may be what protects: a
// policy, a cookie's deletion. Requests that lost fields are told by their head, `fieldsDropped`.

import type { ClientRequest } from 'node:http'

/**
 * Every field of the answer is read; the size of its head, 16 KiB unless Node was told otherwise, stays
 * the bound. To be called before the request has its socket. Who has set a limit keeps it.
 */
export function keepEveryField(request: ClientRequest): void {
  // Node's types do not tell that nobody has set it.
  const limit: number | null = request.maxHeadersCount
  if (typeof limit !== 'number') request.maxHeadersCount = 0
}
