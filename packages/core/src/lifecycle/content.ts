// How far the content of a request has come, and whether anybody gets it. One state, and its events.
// Law: a state that has seen the end of the content is never left for one that has not.

export const CONTENTS = ['none', 'coming', 'complete', 'refused', 'dropped', 'broken'] as const

/**
 * - `none`: the head announces none
 * - `coming`: it is handed on as it comes
 * - `complete`: its end has come, and all of it was handed on
 * - `refused`: it may still come, and nobody gets any more of it
 * - `dropped`: its end has come, and nobody gets any more of it
 * - `broken`: what carries it ended before the content did (RFC 9112 section 8)
 */
export type Content = (typeof CONTENTS)[number]

/**
 * - `end`: the parser reports the end of the content
 * - `refuse`: nobody is to get any more of it
 * - `break`: the connection or the stream is gone
 */
export type ContentEvent = 'end' | 'refuse' | 'break'

/** An event that a state does not know changes nothing. */
export function nextContent(state: Content, event: ContentEvent): Content {
  switch (event) {
    case 'end':
      if (state === 'coming') return 'complete'
      return state === 'refused' ? 'dropped' : state
    case 'refuse':
      if (state === 'coming') return 'refused'
      return state === 'complete' ? 'dropped' : state
    case 'break':
      return state === 'coming' || state === 'refused' ? 'broken' : state
  }
}

/** Nothing of it is left on the wire, so that the next request can be read (RFC 9112 section 9.3). */
export function isReceived(content: Content): boolean {
  return content === 'complete' || content === 'none' || content === 'dropped'
}

/** What comes, or has come, is for the application; also the end of no content. */
export function isHandedOn(content: Content): boolean {
  return content === 'coming' || content === 'complete' || content === 'none'
}
