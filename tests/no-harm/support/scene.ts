// What an application under trial is: one handler, in front of it the gate, and hooks on the server.
// It is written once, and mounted on every framework with and without the library.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AttachableServer } from '@expectation/core/node'
import type { ExpectationOptions } from '@expectation/express'

/** One request, as a handler of any framework has it. */
export interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The target without its query. */
  readonly path: string
  /** Answers as the framework does it: `res.send`, `ctx.body`, `reply.send`. */
  reply(status: number, body?: string | Buffer, fields?: Readonly<Record<string, string>>): void
  /** Hands an error on as the framework does it: `next(error)`, a rejection, `reply.send(error)`. */
  fail(error: unknown): void
  /** The response of Node: the framework answers no more. */
  take(): ServerResponse
  /** Tells the test. */
  note(text: string): void
}

export interface Stage {
  note(text: string): void
  /** Without the library. */
  readonly plain: boolean
}

export interface Scene {
  /** Of the gate. Left out where none is mounted: plain, and bare `attach(server)`. */
  readonly options?: ExpectationOptions
  /** Of a second gate behind the first; in Fastify of the route, and a second `attach` on a bare server. */
  readonly second?: ExpectationOptions
  /** Stands around the gate, as instrumentation does it: a function that calls the one it was given. */
  readonly wrapped?: boolean
  /** Mounts the library's `errorHandler` too. Default false. */
  readonly errors?: boolean
  /** Middleware in front of the gate; in front of the handler where there is none. */
  readonly before?: (visit: Visit, next: () => void) => void
  readonly handle: (visit: Visit) => void | Promise<void>
  /** Sees the server before anything is mounted or attached. */
  readonly created?: (server: AttachableServer) => void
  /** Sees the server when everything is mounted. */
  readonly ready?: (server: AttachableServer) => void
}

export type Scenes = Readonly<Record<string, (stage: Stage) => Scene>>

export const integrations = ['express5', 'express4', 'koa', 'fastify', 'attach', 'gate'] as const
/** `attach` is bare `attach(server)`, `gate` bare `attach(server, options)`. */
export type Integration = (typeof integrations)[number]

/**
 * - `duplex`: connections reach the server by `emit('connection', stream)`, as streams that are no
 *   sockets
 * - `outer`: an outer server reads the content, then hands request and response to the inner one
 */
export type Transport = 'http' | 'tls' | 'h2c' | 'h2' | 'duplex' | 'outer'
