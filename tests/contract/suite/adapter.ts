// The seam of the contract: what the suite asks of an adapter's wiring, and nothing of a framework.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Http2SecureServer, Http2Server } from 'node:http2'
import type { ErrorHandlerOptions, ExpectationOptions } from '@expectation/core'

/** What carries the requests. `https-beside-http2`: HTTP/1.1 to a server with `allowHTTP1`. */
export type Transport = 'http' | 'https' | 'https-beside-http2' | 'http2' | 'http2-cleartext'

export type AnyServer = Server | Http2Server | Http2SecureServer

/** One request as a route of the suite sees it: Node's own objects, whatever wraps them. */
export interface Visit {
  readonly content: IncomingMessage
  readonly response: ServerResponse
}

export interface Reply {
  /** Default 200. */
  readonly status?: number
  readonly body?: string
  readonly fields?: Readonly<Record<string, string>>
}

/** Answers in the framework's own way; in a route, without a reply it has answered on `response`. */
export type Action = (visit: Visit) => Reply | undefined | Promise<Reply | undefined>

/**
 * An application that every wiring builds: `PUT /files/:name` runs `save`, and so do
 * `PUT /narrow/:name` behind `narrow`, and `PUT /nested/:name` behind `nested` in whatever the
 * framework mounts under a prefix. `GET /hello` answers `hello`. A gate left out is not mounted.
 */
export interface Application {
  readonly gate?: ExpectationOptions
  readonly narrow?: ExpectationOptions
  readonly nested?: ExpectationOptions
  /** Runs before the gate, for every request; without a reply the request goes on. */
  readonly before?: Action
  /** Runs behind the gate, for every request; without a reply the request goes on. */
  readonly behind?: Action
  readonly save: Action
  /** `false`: the framework answers errors by itself. */
  readonly errors?: Pick<ErrorHandlerOptions, 'format' | 'notFound'> | false
}

/** What a framework may lack or do differently. Each is declared with a reason, and shown. */
export type Difference =
  | 'http2'
  | 'before the gate'
  | 'a gate on a route'
  | 'a gate under a prefix'
  | 'gates narrow'
  | 'errors left to the framework'
  | 'not found left to the framework'
  | 'attached by itself'

export interface Adapter {
  readonly name: string
  /** Name of the package that is proved; discovery asks for it. */
  readonly proves: string
  readonly transports: readonly Transport[]
  readonly differences: Readonly<Partial<Record<Difference, string>>>
  /** The server, not listening yet. */
  serve(application: Application, transport: Transport): AnyServer | Promise<AnyServer>
}
