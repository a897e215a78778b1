// Subscriptions to core's channels, with the types of the messages that core documents for each.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Outcome } from '@expectation/core'
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
  const subscriber = (message: unknown) => take(message as Messages[Name])
  subscribe(CHANNELS[name], subscriber)
  return { stop: () => void unsubscribe(CHANNELS[name], subscriber) }
}

export function together(...parts: readonly Stoppable[]): Stoppable {
  return {
    stop() {
      for (const part of parts) part.stop()
    },
  }
}
