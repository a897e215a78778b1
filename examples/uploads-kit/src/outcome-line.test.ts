// Log lines: complete, and safe to print.

import type { Outcome } from '@expectation/core'
import { describe, expect, it } from '@jest/globals'
import { outcomeLine } from './outcome-line.js'

const refused: Outcome = {
  method: 'PUT',
  target: '/files/a',
  protocol: '1.1',
  expectation: 'continue',
  decision: 'refuse',
  status: 401,
  reason: 'token_missing',
  declaredBytes: 1000,
  receivedBytes: 0,
  lingeredBytes: 0,
  avoidedBytes: 1000,
  continueSent: false,
  connection: 'lingered',
  clientGone: false,
  durationMs: 2.4,
}

describe('an outcome line', () => {
  it('tells what was asked, answered and spared', () => {
    expect(outcomeLine(refused)).toBe(
      'PUT /files/a · 401 token_missing · 0 of 1000 bytes received, 1000 never sent · no 100 · ' +
        'connection lingered · 2 ms',
    )
  })

  it('tells of a client that left, and of content of unknown length', () => {
    const { status: _, reason: __, declaredBytes: ___, avoidedBytes: ____, ...rest } = refused
    const line = outcomeLine({ ...rest, receivedBytes: 7, continueSent: true, clientGone: true })
    expect(line).toContain('no answer (client gone) · 7 bytes received · 100 sent')
  })

  it('keeps control characters out of the terminal', () => {
    expect(outcomeLine({ ...refused, target: '/a\u001b[31m\n' })).toContain('/a?[31m?')
  })
})
