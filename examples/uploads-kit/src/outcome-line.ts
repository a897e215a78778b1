// One log line for each outcome: what was asked, what was answered, what it cost.

import type { Outcome } from '@expectation/core'

export function outcomeLine(outcome: Outcome): string {
  const answer = [outcome.status ?? 'no answer', outcome.reason].filter(Boolean).join(' ')
  return [
    `${outcome.method} ${printable(outcome.target)}`,
    outcome.clientGone ? `${answer} (client gone)` : answer,
    content(outcome),
    outcome.continueSent ? '100 sent' : 'no 100',
    `connection ${outcome.connection}`,
    `${Math.round(outcome.durationMs)} ms`,
  ].join(' · ')
}

function content(outcome: Outcome): string {
  const { declaredBytes, receivedBytes, lingeredBytes, avoidedBytes } = outcome
  const of = declaredBytes === undefined ? '' : ` of ${declaredBytes}`
  return [
    `${receivedBytes}${of} bytes received`,
    lingeredBytes > 0 && `${lingeredBytes} dropped`,
    avoidedBytes && `${avoidedBytes} never sent`,
  ]
    .filter(Boolean)
    .join(', ')
}

// A target is the client's text: it must not be able to write lines or colours into a terminal.
function printable(target: string): string {
  return target.slice(0, 200).replace(/[^\x21-\x7e]/g, '?')
}
