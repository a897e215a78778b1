// One structured line for each outcome. Levels say who is at fault: the server (error), a client
// that abuses the protocol (warn), a policy that did its work (info); what simply passed is debug.
// The target goes without its query: queries carry tokens (law 9).

import type { Outcome } from '../../outcome/outcome.js'
import type { Logger, LogMethod } from '../../policy/logger.js'
import { withoutQuery } from '../../policy/request-path.js'

/** @returns What the logger's method returns, which may be a promise. */
export function logOutcome(logger: Logger, outcome: Outcome): unknown {
  const level = levelOf(outcome)
  const write: LogMethod | undefined = logger[level]
  if (write === undefined) return undefined
  const { target, ...facts } = outcome
  return write.call(
    logger,
    { expectation: { ...facts, path: withoutQuery(target) } },
    messageOf(outcome),
  )
}

function levelOf(outcome: Outcome): 'debug' | 'info' | 'warn' | 'error' {
  const { status = 0, reason } = outcome
  // Shedding load on purpose is no fault of the server; checks that are too slow are.
  const planned = status === 503 && reason !== undefined && reason !== 'check_timed_out'
  if (status >= 500 && !planned) return 'error'
  if (outcome.expectation === 'malformed' || outcome.expectation === 'unsupported') return 'warn'
  if (outcome.decision === 'refuse' || outcome.reason !== undefined) return 'info'
  return outcome.clientGone ? 'info' : 'debug'
}

function messageOf(outcome: Outcome): string {
  if (outcome.reason !== undefined) return `upload refused: ${outcome.reason}`
  return outcome.clientGone ? 'client left during an upload' : 'upload finished'
}
