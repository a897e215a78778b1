// Node keeps the first 1000 fields of a head and drops the rest, of answers on every line and of requests
// on Node 20. What is dropped may be what protects: a policy, a cookie's deletion, the length of content.

import type { ClientRequest, IncomingMessage } from 'node:http'

/** Kept when `maxHeadersCount` says nothing. */
const NODE_KEEPS = 2000
/** Names and values that Node's parser hands over at once; it looks at its limit before each batch. */
const BATCH = 62

/**
 * Every field of the answer is read; the size of its head, 16 KiB unless Node was told otherwise, stays
 * the bound. To be called before the request has its socket. Who has set a limit keeps it.
 */
export function keepEveryField(request: ClientRequest): void {
  // Node's types do not tell that nobody has set it.
  const limit: number | null = request.maxHeadersCount
  if (typeof limit !== 'number') request.maxHeadersCount = 0
}

type OfServer = IncomingMessage['socket'] & {
  readonly server?: { readonly maxHeadersCount?: number | null }
}

/** Whether fields of a request were dropped, so that nobody knows what the client has said. */
export function lacksFields({ rawHeaders, socket, httpVersionMajor }: IncomingMessage): boolean {
  // HTTP/2 resets such a stream by itself.
  if (httpVersionMajor !== 1) return false
  const limit = (socket as OfServer | undefined)?.server?.maxHeadersCount
  const kept = typeof limit === 'number' ? limit * 2 : NODE_KEEPS
  if (kept <= 0) return false
  // At exactly the limit more may have been dropped only where a batch ended there.
  return rawHeaders.length > kept || (rawHeaders.length === kept && kept % BATCH === 0)
}
