// Is a `100 Continue` still owed? One state, and its events. Laws:
// - a 100 is written on the way into `sent` and nowhere else, so there is never a second one
// - no state is entered twice, so that nothing can be owed again (RFC 9110 section 10.1.1)

export const CONTINUATIONS = ['none', 'owed', 'waiting', 'sent', 'moot'] as const

/**
 * - `none`: nobody asked for a 100
 * - `owed`: the client waits for it, or may wait
 * - `waiting`: it is to be sent when the responses before it are out (R29)
 * - `sent`: it is on the wire
 * - `moot`: no longer to be sent; content came without it, or a final head takes its place (R13, R18)
 */
export type Continuation = (typeof CONTINUATIONS)[number]

/**
 * - `honour`: a policy takes a 100-continue that stands beside members which it ignores
 * - `want`: somebody reads the content
 * - `want-behind`: the same, while an earlier response has the connection
 * - `turn`: the response has the connection now
 * - `content`: the first content has come
 * - `final`: a final head is on its way, or nobody will get the content
 */
export type ContinuationEvent = 'honour' | 'want' | 'want-behind' | 'turn' | 'content' | 'final'

/** An event that a state does not know changes nothing. Two look-ups in a table by name cost five times as much. */
export function nextContinuation(state: Continuation, event: ContinuationEvent): Continuation {
  switch (event) {
    case 'honour':
      return state === 'none' ? 'owed' : state
    case 'want':
      return state === 'owed' ? 'sent' : state
    case 'want-behind':
      return state === 'owed' ? 'waiting' : state
    case 'turn':
      return state === 'waiting' ? 'sent' : state
    case 'content':
    case 'final':
      return state === 'owed' || state === 'waiting' ? 'moot' : state
  }
}

/** The state at the head of a request that asks for a 100 and announces content. */
export function beginContinuation(facts: {
  /** Node has written the 100 before the library saw the request. */
  readonly sent: boolean
  /** Content is there already (R13: a server may omit the 100 then). */
  readonly content: boolean
}): Continuation {
  if (facts.sent) return 'sent'
  return facts.content ? 'moot' : 'owed'
}
