// What happens during an exchange, as events on the span of its request. Laws:
// - an event is added when it happens, inside the request's own context: when an Outcome is
//   published, instrumentation has mostly ended the span, and an ended span takes no events
// - a linger outlives the request's span, so it is a span of its own, a child of it

import type { IncomingMessage } from 'node:http'
import type { Attributes, Span } from '@opentelemetry/api'
import { on, onRelay, together } from '../listen.js'
import type { Stoppable } from '../recorder.js'
import { RequestTrace } from './request-trace.js'

type Api = typeof import('@opentelemetry/api')

export function tellSpans(api: Api, scope: string): Stoppable {
  const traces = new WeakMap<object, RequestTrace>()
  const lingers = new WeakMap<IncomingMessage, Span>()

  function traceOf(request: object): RequestTrace {
    const known = traces.get(request)
    if (known !== undefined) return known
    const made = new RequestTrace(api)
    traces.set(request, made)
    return made
  }

  return together(
    on('decision', ({ request, decision }) =>
      traceOf(request).event('expectation.decided', {
        'expectation.decision': decision.kind,
        ...(decision.kind === 'refuse' && { 'expectation.by': decision.by }),
      }),
    ),
    on('continueSent', ({ request }) => traceOf(request).event('expectation.continue_sent')),
    on('answer', ({ request, status, reason }) => {
      if (reason !== undefined)
        traceOf(request).event('expectation.refused', refusal(status, reason))
      else traceOf(request).capture()
    }),
    onRelay(({ request, upstream, attempts, contentBytes }) =>
      traceOf(request).event('expectation.relayed', {
        'expectation.relay.attempts': attempts.length,
        'expectation.relay.content': contentBytes,
        ...(upstream !== undefined && { 'expectation.upstream': upstream }),
      }),
    ),
    on('lingerStart', ({ request }) => {
      const trace = request === undefined ? undefined : traces.get(request)
      if (request === undefined || trace?.context === undefined) return
      trace.lastEvent('expectation.connection.lingering')
      const tracer = api.trace.getTracer(scope)
      lingers.set(request, tracer.startSpan('expectation.connection.lingered', {}, trace.context))
    }),
    on('lingerEnd', ({ request, end, bytes }) => {
      const span = request === undefined ? undefined : lingers.get(request)
      span?.setAttributes({ 'expectation.linger.end': end, 'expectation.content.discarded': bytes })
      span?.end()
    }),
  )
}

function refusal(status: number, reason: string): Attributes {
  return { 'http.response.status_code': status, 'expectation.reason': reason }
}
