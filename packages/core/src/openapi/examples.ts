// One refusal for each reason, as the library itself makes it: what examples show is what is sent.

import { Refusal } from '../refusal/refusal.js'
import {
  checkTimedOut,
  contentTimedOut,
  contentTooLarge,
  lengthRequired,
  malformedExpectation,
  repeatedHost,
  tooManyFields,
  unreadableFraming,
  unsupportedContentCoding,
  unsupportedExpectation,
  unsupportedMediaType,
} from '../refusal/stock.js'

const OURS: ReadonlyMap<string, Refusal> = new Map(
  [
    repeatedHost(),
    unreadableFraming(),
    contentTimedOut(),
    lengthRequired(),
    contentTooLarge(104_857_600, 5_368_709_120),
    unsupportedMediaType(['video/*', 'image/*']),
    unsupportedContentCoding(['gzip']),
    unsupportedExpectation(),
    malformedExpectation(),
    tooManyFields(),
    checkTimedOut(),
  ].map((refusal) => [refusal.reason, refusal]),
)

/** An application's own refusals have no details unless it gives them. */
export function exampleOf(status: number, reason: string): Refusal {
  return OURS.get(reason) ?? new Refusal(status, { reason })
}
