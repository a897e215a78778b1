// What a case is: data, and nothing but data. The bytes are templates, filled in by run/template.ts;
// the steps are performed by run/perform.ts (HTTP/1) and run/perform-http2.ts.

/**
 * - `MUST`, `SHOULD`, `MAY`: the word of the RFC that is cited; a `MAY` counts against nobody
 * - `hardening`: no RFC asks for it, a public bug or attack does
 */
export type Level = 'MUST' | 'SHOULD' | 'MAY' | 'hardening'
export const LEVELS: readonly Level[] = ['MUST', 'SHOULD', 'hardening', 'MAY']

export const AREAS = [
  'recognition',
  'versions and no content',
  'timing',
  'content already there',
  'connection',
  'methods and upgrade',
  'status and fields',
  'hostile input',
  'coexistence',
  'http2',
] as const
export type Area = (typeof AREAS)[number]

/** What a route of the server under test does; the README tells each of them in a sentence. */
export const ROLES = [
  'hello',
  'reads',
  'refuses',
  'limit',
  'slow',
  'slowRefuses',
  'early',
  'readsThenRefuses',
  'partial',
  'throws',
  'missing',
  'methods',
  'typed',
  'coded',
  'lengthRequired',
  'busy',
  'upgrade',
  'counts',
] as const
export type Role = (typeof ROLES)[number]

/** A status, a class of them (`4` is 400 to 499), or any of several. */
export type Statuses = readonly (number | '2xx' | '4xx' | '5xx' | 'error')[]

/** A field that must be there (`true`), must not (`false`), or must match a pattern. */
export type FieldRule = boolean | string

export interface Final {
  readonly status?: Statuses
  /** The content that was sent: a route that reads answers its length and digest. */
  readonly read?: string
  readonly readTimes?: number
  readonly fields?: Readonly<Record<string, FieldRule>>
  /** Texts that must not appear anywhere in what came. */
  readonly without?: readonly string[]
  /** The fields are asked for only beside this status. */
  readonly when?: number
  /**
   * `may`: a 100 may come first (R13 leaves it to the server). `never`: not even one more after the
   * 100 that was waited for. Otherwise a 100 is a fault, and repeating one is not (RFC 9110 15.2).
   */
  readonly interim?: 'may' | 'never'
  /** The method, where it decides whether the answer has content. */
  readonly method?: 'HEAD'
  readonly withinMs?: number
}

export type Step =
  | { readonly do: 'send'; readonly bytes: string; readonly times?: number }
  /**
   * The route `reads` takes so much without `Expect`, on a connection of its own. Where it refuses that, the
   * case is not run.
   */
  | { readonly do: 'takes'; readonly bytes: string; readonly times: number }
  /** HTTP/1.0 is not refused altogether (426, 505); where it is, the case is not run. */
  | { readonly do: 'speaks-1.0' }
  /** All of it before anything is read, as many clients do; a write that fails ends them. */
  | {
      readonly do: 'flood'
      readonly head: string
      readonly bytes: string
      readonly times: number
    }
  /** One byte at a time, in segments of their own. */
  | { readonly do: 'drip'; readonly bytes: string; readonly gapMs: number; readonly size?: number }
  | { readonly do: 'pause'; readonly ms: number }
  | { readonly do: 'half-close' }
  | { readonly do: 'reset' }
  /** The next response is a 100 without fields; behind a response that says close the connection is closed. */
  | { readonly do: 'continue'; readonly withinMs?: number; readonly fields?: 'may' }
  /** The next response is final. */
  | ({ readonly do: 'final' } & Final)
  /**
   * A final response, as early as the server likes: from the head, or, when it has sent a 100 (or
   * with `quiet` nothing at all), once the content is there. What was not sent is left to `sound`.
   */
  | ({ readonly do: 'answered'; readonly content: string; readonly quiet?: 'may' } & Final)
  /** The answer to a request that was sent behind another: it comes, or the connection is closed. */
  | ({ readonly do: 'final-in-turn' } & Final)
  /** On the same connection, or, after a response that says close, on a new one. */
  | { readonly do: 'again' }
  /** Nothing comes, and the connection stays. */
  | { readonly do: 'silence'; readonly ms: number }
  /** R16: a 100 (then the content is sent and answered) or a final refusal; at once. */
  | { readonly do: 'asked'; readonly content: string }
  /** Never a 100: a refusal, or silence until the content has come and was answered. */
  | { readonly do: 'not-asked'; readonly content: string }
  /** R25 to R27: closed after the answer, or the rest of the content read and another request served. */
  | {
      readonly do: 'sound'
      readonly rest?: string
      readonly says?: true
      readonly withinMs?: number
    }
  /** R30: the client leaves the content out and sends a request: it is never answered as one. */
  | { readonly do: 'never-dispatched'; readonly bytes: string }
  /** The client goes on sending for a while after the answer and is not cut off with a reset. */
  | { readonly do: 'not-reset'; readonly bytes: string; readonly times: number }
  /** A plain request on this connection is answered. */
  | { readonly do: 'serves' }
  /** A refusal or the end of the connection; nothing like success. */
  | { readonly do: 'rejected'; readonly withinMs?: number; readonly interim?: 'may' }
  /** The server closes, and nothing more comes before. */
  | { readonly do: 'closed'; readonly withinMs?: number }
  /** A plain request on a new connection is answered. */
  | { readonly do: 'alive' }
  /** How often a route was called for the requests with this `Conformance-Id`. */
  | { readonly do: 'calls'; readonly id: string; readonly most: number }
  /** From here on a new connection is used; the one before stays open until the end. */
  | { readonly do: 'connect' }

export type Http2Fields = Readonly<Record<string, string | readonly string[]>>

export type Http2Step =
  | {
      readonly do: 'request'
      readonly stream: string
      readonly to: Role
      readonly method?: string
      readonly fields?: Http2Fields
      readonly end?: true
    }
  | {
      readonly do: 'data'
      readonly stream: string
      readonly bytes: string
      readonly times?: number
      readonly end?: true
    }
  | { readonly do: 'takes'; readonly bytes: string; readonly times: number }
  | { readonly do: 'cancel'; readonly stream: string }
  | { readonly do: 'continue'; readonly stream: string }
  | { readonly do: 'asked'; readonly stream: string; readonly content: string }
  | { readonly do: 'not-asked'; readonly stream: string; readonly content: string }
  | ({ readonly do: 'final'; readonly stream: string } & Omit<Final, 'method'>)
  /** The stream is over on both sides, without an error code other than NO_ERROR or CANCEL. */
  | { readonly do: 'over'; readonly stream: string }
  | { readonly do: 'silence'; readonly stream: string; readonly ms: number }
  | { readonly do: 'pause'; readonly ms: number }
  /** Another stream of the same connection is answered. */
  | { readonly do: 'serves' }

interface CaseBase {
  /** Stable for ever: `area/what`; reports and issue threads refer to it. */
  readonly id: string
  readonly area: Area
  readonly level: Level
  /** What must be seen, as a sentence. */
  readonly title: string
  /** RFC sections and public bugs. */
  readonly cites: readonly string[]
  readonly needs: readonly Role[]
}

export interface Http1Case extends CaseBase {
  readonly protocol: 'http/1.1'
  readonly steps: readonly Step[]
}

export interface Http2Case extends CaseBase {
  readonly protocol: 'h2'
  readonly steps: readonly Http2Step[]
}

export type Case = Http1Case | Http2Case

/** @param words - Each a part of its id, its area or its level; none: every case. */
export function isNamed({ id, area, level }: Case, words: readonly string[]): boolean {
  return (
    words.length === 0 || words.some((word) => id.includes(word) || word === area || word === level)
  )
}
