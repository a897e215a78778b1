// One middleware in front of a proxy library that pipes at once. It stands in `request.pipe`: when the
// library pipes into an upstream request, that one asks, and the pipe begins when the upstream says yes.
// The library never sees `Expect`, so its hooks run for every request.

import { ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { parseExpect, parseFraming, readChoice, rejectUnknownNames } from '@expectation/core'
import { exchangeOf, requestHeadOf } from '@expectation/core/node'
import { stripExpect, stripHopByHop } from '../fields/strip.js'
import { type AskOptions, asks, readAskOptions } from '../options/ask-options.js'
import { keepEveryField } from '../upstream/every-field.js'
import { ByOrigin, OriginMemory } from '../upstreams/memory.js'
import { AskedPipe, type AskedPipePolicy } from './asked-pipe.js'
import { Pipes } from './pipes.js'

export interface AskFirstOptions extends AskOptions {
  /**
   * What the silence of an upstream that was asked means: `'send'` the content anyway, and for ten
   * minutes ask this upstream no more; or `'refuse'`: the library's request fails with `ETIMEDOUT`, and
   * the library answers that. Default `'send'`.
   */
  readonly onSilence?: 'send' | 'refuse'
}

export type AskFirstHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

type Pipe = IncomingMessage['pipe']
type PipeOptions = Parameters<Pipe>[1]

/**
 * Middleware for the line before a proxy library: an upload is sent to the upstream only when that has
 * said yes to its head. For http-proxy, http-proxy-3, httpxy, http-proxy-middleware, express-http-proxy
 * (with `parseReqBody: false`) and @fastify/http-proxy with `http`.
 *
 * A library that follows redirects by itself keeps content for it, and is left to it.
 *
 * @example
 * app.use('/storage', askFirst(), createProxyMiddleware({ target: 'http://storage:9000' }))
 *
 * @throws OptionError - an option is wrong; it says which, what it got and what to do.
 */
export function askFirst(options: AskFirstOptions = {}): AskFirstHandler {
  const policy = compile(options)
  const memories = new ByOrigin(() => new OriginMemory())

  return function askFirstMiddleware(request, response, next) {
    const exchange = exchangeOf(request)
    const expectation = exchange?.expectation ?? parseExpect(request.headers.expect ?? '')
    const framing = exchange?.framing ?? parseFraming(requestHeadOf(request))
    const clientAsks = expectation.kind === 'continue'
    const contentLength = framing.kind === 'length' ? framing.bytes : undefined
    const wanted = framing.kind !== 'none' && asks(policy, { clientAsks, contentLength })
    stripExpect(request)
    const { pipe } = request
    const pipes = new Pipes()
    const pipeToUpstream = <To extends NodeJS.WritableStream>(to: To, how?: PipeOptions): To => {
      const plainly = (): To => pipe.call(request, to, how) as To
      if (!(to instanceof ClientRequest)) return plainly()
      keepEveryField(to)
      to.prependOnceListener('response', stripHopByHop)
      if (framing.kind === 'none') return plainly()
      const send = (): void => void plainly()
      // Of unknown length there may have been none.
      const contentIsGone = request.readableEnded && (contentLength ?? 0) > 0
      const given = { request, response, to, memories, policy, pipes }
      const parts = { ...given, clientAsks, contentIsGone, send }
      const asked = new AskedPipe(parts)
      asked.begin(wanted && !request.readableDidRead)
      return to
    }
    request.pipe = pipeToUpstream
    next()
  }
}

function compile(options: AskFirstOptions): AskedPipePolicy & ReturnType<typeof readAskOptions> {
  const known = ['ask', 'askFromBytes', 'continueTimeoutMs', 'onSilence']
  rejectUnknownNames('', options, known)
  const silences = ['send', 'refuse'] as const
  const onSilence = readChoice('onSilence', options.onSilence, silences) ?? 'send'
  return Object.freeze({ ...readAskOptions(options), onSilence })
}
