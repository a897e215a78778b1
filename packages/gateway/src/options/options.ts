// What `gateway()` can be told. Validated in policy.ts.

import type { Agent, IncomingMessage } from 'node:http'
import type { Agent as SecureAgent } from 'node:https'
import type { ConnectionOptions } from 'node:tls'
import type { Logger, RelayOutcome } from '@expectation/core'
import type { GivenFields } from '../fields/given-fields.js'
import type { AskOptions } from './ask-options.js'
import type { RelayHead } from './relay-head.js'

/** Origins: scheme, host and port, such as `http://storage-1:9000`. */
export type Origins = readonly (string | URL)[]

/** Chooses the upstreams of one request, in no order: which of them is first goes round. */
export type ChooseUpstreams = (head: RelayHead) => Origins | Promise<Origins>

export interface RewriteContext {
  /** The request as it came from the client. */
  readonly request: IncomingMessage
  /** Aborted when the client leaves, or the callback took too long. */
  readonly signal: AbortSignal
}

/**
 * The last look at a head before it goes to an upstream, once for each upstream that is tried.
 *
 * The head has the fields that would be sent, without `Host`, framing and `Expect`, which are the
 * gateway's. What comes back is sent; fields that are hop-by-hop or frame the message are left out of
 * it. A `host` that is set becomes the `Host`. What is no head, or has no `headers` in a form that undici
 * takes, is an `OptionError`: the request is answered with 500, and nothing is sent.
 */
export type Rewrite = (
  head: RelayHead,
  context: RewriteContext & { readonly upstream: string },
) => RewrittenHead | Promise<RewrittenHead>

export interface RewrittenHead extends Pick<RelayHead, 'method' | 'target'> {
  readonly version?: RelayHead['version']
  /** A record, pairs (`Headers`, a `Map`), or names and values by turns. An empty one sends no fields. */
  readonly headers: GivenFields
}

export interface GatewayOptions extends AskOptions {
  /**
   * Where requests go: origins, or a function that chooses them for each request. They are tried in
   * turn, beginning with the next one; those that failed or said no lately come last.
   */
  readonly upstreams: Origins | ChooseUpstreams
  /**
   * Statuses that send a request to the next upstream while its content is unread. Default 429, 502,
   * 503 and 504: what says "not here, not now". Requests without content are sent again only when
   * their method is idempotent (RFC 9110 section 9.2.2).
   */
  readonly retryOn?: readonly number[]
  /**
   * To how many upstreams the head of one request is sent at most. One that cannot be connected to is
   * not counted. Default 3, or as many as there are.
   */
  readonly attempts?: number
  /**
   * Share of the running requests that may be on their second or later upstream, from 0 to 1, so that
   * failing upstreams are not hit by a storm. Three always may, unless it is 0. Default 0.2.
   */
  readonly retryBudget?: number
  /**
   * What the silence of an upstream that was asked means: `'send'` the content anyway, and for ten
   * minutes ask this upstream no more; try the `'next'` one; or `'refuse'` with 504. Default `'send'`,
   * as RFC 9110 section 10.1.1 has clients do.
   */
  readonly onSilence?: 'send' | 'next' | 'refuse'
  /** Milliseconds to connect, TLS included. Default 3000. */
  readonly connectTimeoutMs?: number
  /** Milliseconds from the end of the request to the head of its answer. Default 60 000. */
  readonly responseTimeoutMs?: number
  /** Milliseconds without a byte in either direction, while content or an answer flows. Default 60 000. */
  readonly idleTimeoutMs?: number
  /**
   * Content kept in memory for each request, so that an upstream that breaks off after its 100 can be
   * replaced. Bytes, or a size. Default 0: nothing is kept.
   */
  readonly replayBytes?: number | string
  /**
   * Connections of HTTP/1 upstreams: an agent, or a function that gives one for an origin. Default: one
   * for each origin, which keeps up to 64 idle connections for `idleTimeoutMs`.
   */
  readonly agent?: Agent | SecureAgent | ((origin: string) => Agent | SecureAgent)
  /** Upstreams speak HTTP/2: by ALPN for `https:`, by prior knowledge for `http:`. Default false. */
  readonly http2?: boolean
  /**
   * For `https:` upstreams: a certificate authority, a client certificate and the like. What Node can make
   * no TLS of is an `OptionError`, and so is what nothing would use: beside `agent`, which has its own, or where
   * no upstream is `https:`. A callback in it that throws fails the connection.
   */
  readonly tls?: ConnectionOptions
  /** Whose `Host` an upstream gets: its own, or the one that the client sent. Default `'upstream'`. */
  readonly host?: 'upstream' | 'client'
  readonly rewrite?: Rewrite
  /**
   * Who the client was: `X-Forwarded-For`, `-Proto` and `-Host`; or `Forwarded` (RFC 7239); or nothing.
   * Fields of either kind that came with the request are dropped, unless `trust` knows who sent them.
   * Default `'x'`.
   */
  readonly forwarded?: 'x' | 'rfc7239' | false
  /** Whether the peer at an IP address may say who the client was; no promise of it. Default: nobody may. */
  readonly trust?: (address: string) => boolean
  /**
   * The gateway's name in `Via` (RFC 9110 section 7.6.3): a token. A request that has it already goes
   * round in circles and is refused with 508. The default, `'expectation'`, is told apart from that of
   * other processes by a comment; a name of your own stands alone.
   */
  readonly via?: string
  /**
   * Whether information responses other than 100 (102, 103, 104) are passed on. Default true. Behind
   * nginx 1.22 or Varnish 7.1 they must not be: a client there waits for ever.
   */
  readonly interim?: boolean
  /** Called with the outcome of each request. */
  readonly onRelay?: (outcome: RelayOutcome) => void
  /** Gets one line for each outcome: `warn` on failover, `error` when no upstream answered. */
  readonly logger?: Logger
}
