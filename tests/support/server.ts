// Servers for tests: an ephemeral port on loopback, closed after the test with every connection.
import http from 'node:http'
import type https from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterThisTest } from './cleanup.js'

export interface Running {
  readonly port: number
  readonly url: string
  readonly server: http.Server | https.Server
}

/** Anything with Express's `listen`: the one line most users write. */
export interface Listening {
  listen(port: number, host: string, ready: (error?: Error) => void): http.Server
}

export async function serve(what: Listening | http.Server | https.Server): Promise<Running> {
  const server = await new Promise<http.Server | https.Server>((resolve, reject) => {
    const started = what.listen(0, '127.0.0.1', (error?: Error) => {
      if (error === undefined) resolve(started)
      else reject(error)
    })
  })
  afterThisTest(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  })
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}`, server }
}

/** A bare server of Node around a listener. */
export function bare(listener: http.RequestListener): Promise<Running> {
  return serve(http.createServer(listener))
}

export interface Counted<Arguments extends readonly unknown[], Result> {
  (...given: Arguments): Result
  calls: number
}

/** The same function, which also knows how often it was called. */
export function counted<Arguments extends readonly unknown[], Result>(
  action: (...given: Arguments) => Result,
): Counted<Arguments, Result> {
  const wrapped: Counted<Arguments, Result> = Object.assign(
    (...given: Arguments): Result => {
      wrapped.calls += 1
      return action(...given)
    },
    { calls: 0 },
  )
  return wrapped
}

/** A promise with its handles outside: lets a test decide when a handler goes on. */
export interface Latch<Value = void> {
  readonly opened: Promise<Value>
  open(value: Value): void
}

export function latch<Value = void>(): Latch<Value> {
  let open: (value: Value) => void = () => undefined
  const opened = new Promise<Value>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Waits for a promise, but not for ever. */
export async function within<Value>(
  what: string,
  promise: Promise<Value>,
  ms = 8000,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what}`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
