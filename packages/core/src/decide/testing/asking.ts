// Asks checks about an upload that waits for a 100, for tests.

import type { RequestHead } from '../../head/request-head.js'
import { uploadOf } from '../../head/testing/head-of.js'
import type { Check, CheckAnswer } from '../../policy/check.js'
import type { ExpectationOptions } from '../../policy/options.js'
import { compilePolicy } from '../../policy/policy.js'
import { decideFully } from '../checks.js'

export const waiting = uploadOf({ expect: '100-continue' })
export const CONTINUE = { kind: 'continue' }

export function decided(
  options: ExpectationOptions,
  head: RequestHead = waiting,
  signal?: AbortSignal,
) {
  return decideFully(head, compilePolicy(options), { request: 'the request', signal })
}

/** A check whose answer the test gives when it likes. */
export function pendingCheck() {
  const seen: { signal?: AbortSignal } = {}
  const { promise, resolve, reject } = deferred<CheckAnswer>()
  const check: Check = (_head, { signal }) => {
    seen.signal = signal
    return promise
  }
  return { check, seen, resolve, reject }
}

function deferred<Value>() {
  let resolve: (value: Value) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
