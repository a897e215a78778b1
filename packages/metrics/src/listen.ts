// Subscriptions to core's channels, with the types of the messages that core documents for each.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type Outcome, RELAY_CHANNEL, type RelayOutcome } from '@expectation/core'
import {
  type AnswerBegun,
  CHANNELS,
  type ClientErrorAnswered,
  type ContinueSent,
  type DecisionEnd,
  type DecisionMade,
  type DecisionStart,
  type LingerFinish,
  type LingerStart,
  type RequestDropped,
} from '@expectation/core/node'
import type { Stoppable } from './recorder.js'

interface Messages {
  readonly outcome: Outcome
  readonly decision: DecisionMade
  readonly continueSent: ContinueSent
  readonly answer: AnswerBegun
  readonly decisionStart: DecisionStart
  readonly decisionEnd: DecisionEnd
  readonly lingerStart: LingerStart
  readonly lingerEnd: LingerFinish
  readonly requestDropped: RequestDropped
  readonly clientError: ClientErrorAnswered
}

/** Begins to listen at once. */
export function on<Name extends keyof Messages>(
  name: Name,
  take: (message: Messages[Name]) => void,
): Stoppable {
  return listen(CHANNELS[name], (message) => take(message as Messages[Name]))
}

/** Relays are published by @expectation/gateway; core documents their message. */
export function onRelay(take: (relay: RelayOutcome) => void): Stoppable {
  return listen(RELAY_CHANNEL, (message) => take(message as RelayOutcome))
}

function listen(channel: string, subscriber: (message: unknown) => void): Stoppable {
  subscribe(channel, subscriber)
  return { stop: () => void unsubscribe(channel, subscriber) }
}

export function together(...parts: readonly Stoppable[]): Stoppable {
  return {
    stop() {
      for (const part of parts) part.stop()
    },
  }
}
