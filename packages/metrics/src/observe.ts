// From core's channels to a Recorder. Subscribers run inside the exchange: nothing here waits,
// throws or keeps anything of a request.

import type { IncomingMessage } from 'node:http'
import { boundedStatus, Labels } from './labels/exchange-labels.js'
import { on, onRelay, together } from './listen.js'
import type { MetricsOptions } from './metrics-options.js'
import type { Recorder, Stoppable } from './recorder.js'

export function observe(recorder: Recorder, route?: MetricsOptions['route']): Stoppable {
  const labels = new Labels(route)
  /** A decision that began before we listened must not make the gauge negative. */
  const pending = new WeakSet<IncomingMessage>()
  let lingering = 0

  function follow(active: number): void {
    recorder.lingering(active - lingering)
    lingering = active
  }

  return together(
    on('outcome', (outcome) => recorder.exchange(labels.ofExchange(outcome), outcome)),
    on('decisionStart', ({ request }) => {
      pending.add(request)
      recorder.pending(1)
    }),
    on('decisionEnd', ({ request }) => {
      if (pending.delete(request)) recorder.pending(-1)
    }),
    on('lingerStart', ({ active }) => follow(active)),
    on('lingerEnd', ({ active, end, bytes }) => {
      follow(active)
      recorder.lingered(end, bytes)
    }),
    on('requestDropped', () => recorder.requestAfterRefusal()),
    on('clientError', ({ status, code }) =>
      recorder.clientError(boundedStatus(status), labels.ofCode(code)),
    ),
    onRelay((outcome) => recorder.relay(outcome, (origin) => labels.ofUpstream(origin))),
  )
}
