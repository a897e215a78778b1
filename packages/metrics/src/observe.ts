// From core's channels to a Recorder. Subscribers run inside the exchange: nothing here waits,
// throws or keeps anything of a request.

import type { IncomingMessage } from 'node:http'
import { boundedStatus, Labels } from './labels/exchange-labels.js'
import { on, onAdmission, onRelay, together } from './listen.js'
import type { MetricsOptions } from './metrics-options.js'
import type { Recorder, Stoppable } from './recorder.js'

export function observe(recorder: Recorder, route?: MetricsOptions['route']): Stoppable {
  const labels = new Labels(route)
  /** A decision that began before we listened must not make the gauge negative. */
  const pending = new WeakSet<IncomingMessage>()
  let waiting = 0
  let lingering = 0

  function wait(change: number): void {
    waiting += change
    recorder.pending(change)
  }

  function follow(active: number): void {
    recorder.lingering(active - lingering)
    lingering = active
  }

  const listening = together(
    on('outcome', (outcome) => recorder.exchange(labels.ofExchange(outcome), outcome)),
    on('decisionStart', ({ request }) => {
      pending.add(request)
      wait(1)
    }),
    on('decisionEnd', ({ request }) => {
      if (pending.delete(request)) wait(-1)
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
    onAdmission((event) => recorder.admission(event, labels.ofAdmission(event.pool))),
    onRelay((outcome) => recorder.relay(outcome, (origin) => labels.ofUpstream(origin))),
  )
  return {
    stop() {
      listening.stop()
      if (waiting !== 0) wait(-waiting)
      if (lingering !== 0) follow(0)
      recorder.stopped()
    },
  }
}
