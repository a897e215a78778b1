// What the gateway itself refuses with. None names an upstream: addresses inside are nobody's business
// outside; the cause is for logs.

import { Refusal } from '@expectation/core'

export function unreachable(cause?: unknown): Refusal {
  return new Refusal(502, { reason: 'upstream_unreachable', cause })
}

export function upstreamFailed(cause?: unknown): Refusal {
  return new Refusal(502, { reason: 'upstream_failed', cause })
}

export function timedOut(cause?: unknown): Refusal {
  return new Refusal(504, { reason: 'upstream_timeout', cause })
}

export function loop(): Refusal {
  return new Refusal(508, { reason: 'upstream_loop' })
}

/** RFC 9112 section 6.1: a transfer coding that is not understood. */
export function unknownTransferCoding(): Refusal {
  return new Refusal(501, { details: 'The only transfer coding that is relayed is chunked' })
}

export function upgradeNotRelayed(): Refusal {
  return new Refusal(501, {
    details: 'WebSockets and other tunnels are not relayed here',
  })
}

/** RFC 9110 section 9.1: methods are told apart by case. `http.request` writes every one in capitals. */
export function methodNotRelayed(): Refusal {
  return new Refusal(501, { details: 'Methods are relayed in capitals only' })
}

export function badTarget(): Refusal {
  return new Refusal(400, { details: 'The request target is neither a path nor an absolute URI' })
}

/** RFC 9112 section 3.2. */
export function badHost(): Refusal {
  return new Refusal(400, { details: 'Host is neither a name nor an address' })
}

export function badFields(cause?: unknown): Refusal {
  return new Refusal(400, {
    details: 'A field stands twice that may stand once, or cannot be sent on',
    cause,
  })
}

export function tooLong(): Refusal {
  return new Refusal(413, { details: 'The declared length is beyond what can be counted' })
}

/** RFC 9110 section 15.5.9: the client stopped sending. */
export function clientIdle(): Refusal {
  return new Refusal(408, { details: 'No content came for too long' })
}

/** No refusal: whoever mounted the gateway has to be told, and the client not. */
export function contentWasRead(): Error {
  return new RelayError(
    'The content was read before it came here, so there is none to relay. Mount it before body ' +
      'parsers, and whatever else reads the request.',
    'ERR_EXPECTATION_CONTENT_ALREADY_READ',
  )
}

/** An error of the gateway's own, for `cause`, with a code. */
export class RelayError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message)
  }
}
