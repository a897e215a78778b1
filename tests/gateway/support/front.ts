// A gateway on a bare, attached server, and what it told of its relays.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { type GatewayOptions, gateway, type RelayOutcome } from '@expectation/gateway'
import { type Running, serve, within } from '../../support/server.js'

export interface Front extends Running {
  readonly outcomes: readonly RelayOutcome[]
  /** The outcome with this index, when it is there. */
  outcome(index?: number): Promise<RelayOutcome>
}

/** No upstream is silent unless a test is about that: a busy machine must not make one so. */
export async function front(
  upstreams: readonly string[] | GatewayOptions['upstreams'],
  options: Partial<GatewayOptions> = {},
): Promise<Front> {
  const outcomes: RelayOutcome[] = []
  let wake: () => void = () => undefined
  const handler = gateway({
    upstreams,
    continueTimeoutMs: 20_000,
    ...options,
    onRelay(outcome) {
      outcomes.push(outcome)
      wake()
      return options.onRelay?.(outcome)
    },
  })
  const server = http.createServer(handler)
  attach(server, {})
  const running = await serve(server)
  const outcome = (index = 0): Promise<RelayOutcome> => {
    const told = new Promise<RelayOutcome>((resolve) => {
      wake = () => {
        const found = outcomes[index]
        if (found !== undefined) resolve(found)
      }
      wake()
    })
    return within('the outcome of a relay', told, 5000)
  }
  return { ...running, outcomes, outcome }
}
