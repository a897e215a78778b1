// One structured line for each outcome. Levels say who is at fault: the server (error), a client
// that abuses the protocol (warn), a policy that did its work (info); what simply passed is debug.
// The target goes without its query: queries carry tokens (law 9).

import type { Outcome } from '../../outcome/outcome.js'
import type { Logger, LogMethod } from '../../policy/logger.js'

/** @returns What the logger's method returns, which may be a promise. */
export function logOutcome(logger: Logger, outcome: Outcome): unknown {
  const level = levelOf(outcome)
  const write: LogMethod | undefined = logger[level]
  if (write === undefined) return undefined
  const { target, ...facts } = outcome
  return write.call(logger, { expectation: { ...facts, path: pathOf(target) } }, messageOf(outcome))
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

/** Without query, and without the authority of an absolute form, which may hold credentials. */
function pathOf(target: string): string {
  const path = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
  const end = path.search(/[?#]/)
  return end === -1 ? path : path.slice(0, end)
}
