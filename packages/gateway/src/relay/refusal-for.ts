// What a request is refused with when nothing else can be done with it.

import { isRefusal, type Refusal } from '@expectation/core'
import { badFields, timedOut, unreachable, upstreamFailed } from '../refusals.js'
import type { RefuseStep } from './next-step.js'

export function refusalFor(step: RefuseStep, cause?: unknown): Refusal {
  switch (step) {
    case 'refuse-unreachable':
      return unreachable(cause)
    case 'refuse-failed':
      return upstreamFailed(cause)
    case 'refuse-late':
      return timedOut(cause)
    case 'refuse-head':
      return isRefusal(cause) ? cause : badFields(cause)
  }
}
