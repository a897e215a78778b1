// Node throws while it connects where an agent or an option of TLS is not what it can use, and for a head
// that it will not write; a head that it would change is thrown as a refusal. Law: that fails the call, in a later turn, like a connection that is refused.

import { types } from 'node:util'
import { isRefusal } from '@expectation/core'
import type {
  Upstream,
  UpstreamCall,
  UpstreamFailure,
  UpstreamHead,
  UpstreamListener,
} from './upstream.js'

/** Begins a call; nothing that connecting throws gets out of it. */
export function beginCall(
  upstream: Upstream,
  head: UpstreamHead,
  listener: UpstreamListener,
): UpstreamCall {
  try {
    return upstream.call(head, listener)
  } catch (error) {
    const failure = failureOf(errorOf(error))
    process.nextTick(() => listener.failed(failure))
    return NEVER_BEGUN
  }
}

/** Whatever was thrown, as an error. */
export function errorOf(thrown: unknown): NodeJS.ErrnoException {
  return types.isNativeError(thrown)
    ? thrown
    : new TypeError('Connecting threw what is no error.', { cause: thrown })
}

const OF_THE_HEAD: ReadonlySet<string> = new Set([
  'ERR_HTTP_INVALID_HEADER_VALUE',
  'ERR_INVALID_CHAR',
  'ERR_INVALID_HTTP_TOKEN',
  'ERR_UNESCAPED_CHARACTERS',
])

function failureOf(error: NodeJS.ErrnoException): UpstreamFailure {
  const ofTheHead = isRefusal(error) || OF_THE_HEAD.has(error.code ?? '')
  return { kind: ofTheHead ? 'unsendable' : 'unreachable', error }
}

const NEVER_BEGUN: UpstreamCall = {
  isQueued: () => false,
  flush() {},
  write: () => false,
  end() {},
  distrust() {},
  drop() {},
}
