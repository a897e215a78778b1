// Decisions that take time: the deadline, the client leaving, and what becomes of late answers.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Check } from '../policy/check.js'
import { Refusal } from '../refusal/refusal.js'
import { CONTINUE, decided, pendingCheck, waiting } from './testing/asking.js'

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  // Whatever a test did, no timer may outlive its decision.
  expect(jest.getTimerCount()).toBe(0)
  jest.useRealTimers()
})

describe('the deadline', () => {
  it('refuses with 503 and Retry-After, and tells the check', async () => {
    const { check, seen } = pendingCheck()
    const decision = decided({ checks: [check], checkTimeoutMs: 50 })
    jest.advanceTimersByTime(49)
    expect(seen.signal?.aborted).toBe(false)
    jest.advanceTimersByTime(1)
    await expect(decision).resolves.toMatchObject({
      kind: 'refuse',
      by: 'check-timeout',
      refusal: { status: 503, reason: 'check_timed_out', headers: { 'Retry-After': '1' } },
    })
    expect(seen.signal?.reason).toMatchObject({ reason: 'check_timed_out' })
  })

  it('lets the request through where the policy says so', async () => {
    const { check } = pendingCheck()
    const decision = decided({ checks: [check], onCheckTimeout: 'continue' })
    jest.advanceTimersByTime(800)
    await expect(decision).resolves.toEqual(CONTINUE)
  })

  it('is one for all questions together, and later ones are not asked', async () => {
    const [first, second] = [pendingCheck(), pendingCheck()]
    const third = jest.fn<Check>()
    const decision = decided({ checks: [first.check, second.check, third], checkTimeoutMs: 50 })
    jest.advanceTimersByTime(30)
    first.resolve(undefined)
    await jest.advanceTimersByTimeAsync(19)
    expect(second.seen.signal?.aborted).toBe(false)
    await jest.advanceTimersByTimeAsync(1)
    await expect(decision).resolves.toMatchObject({ by: 'check-timeout' })
    second.resolve(undefined)
    await jest.advanceTimersByTimeAsync(0)
    expect(third).not.toHaveBeenCalled()
  })

  it('is not waited for when the answers come first', async () => {
    const { check, resolve, seen } = pendingCheck()
    const decision = decided({ checks: [check] })
    resolve(undefined)
    await expect(decision).resolves.toEqual(CONTINUE)
    expect(jest.getTimerCount()).toBe(0)
    expect(seen.signal?.aborted).toBe(false)
  })
})

describe('the client leaving', () => {
  const gone = new Error('client gone')

  it('rejects with the reason, tells the check, and leaves no timer', async () => {
    const { check, seen } = pendingCheck()
    const client = new AbortController()
    const decision = decided({ checks: [check] }, waiting, client.signal)
    client.abort(gone)
    await expect(decision).rejects.toBe(gone)
    expect(seen.signal?.reason).toBe(gone)
  })

  it('before any question asks none', () => {
    const check = jest.fn<Check>()
    expect(() => decided({ checks: [check] }, waiting, AbortSignal.abort(gone))).toThrow(gone)
    expect(check).not.toHaveBeenCalled()
  })

  it('during a question that answers at once asks no other', () => {
    const client = new AbortController()
    const leaving = () => client.abort(gone)
    const check = jest.fn<Check>()
    expect(() => decided({ checks: [leaving, check] }, waiting, client.signal)).toThrow(gone)
    expect(() =>
      decided({ checks: [leaving] }, waiting, new AbortController().signal),
    ).not.toThrow()
    expect(check).not.toHaveBeenCalled()
  })

  it('during a question that answers later still rejects', async () => {
    const client = new AbortController()
    const leaving = async () => client.abort(gone)
    await expect(decided({ checks: [leaving] }, waiting, client.signal)).rejects.toBe(gone)
  })

  it('is no longer listened for once the decision is made', async () => {
    const client = new AbortController()
    const added = jest.spyOn(client.signal, 'addEventListener')
    const removed = jest.spyOn(client.signal, 'removeEventListener')
    await decided({ checks: [async () => {}] }, waiting, client.signal)
    expect(added).toHaveBeenCalledTimes(1)
    expect(removed.mock.calls[0]?.slice(0, 2)).toEqual(added.mock.calls[0]?.slice(0, 2))
  })
})

describe('what an abandoned check does later', () => {
  const unhandled = jest.fn()
  beforeEach(() => {
    unhandled.mockClear()
    process.on('unhandledRejection', unhandled)
  })
  afterEach(() => {
    process.off('unhandledRejection', unhandled)
  })

  /** Unhandled rejections are reported after a turn of the event loop. */
  async function aTurn(): Promise<void> {
    jest.useRealTimers()
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    jest.useFakeTimers()
  }

  it('is dropped after the deadline: a refusal, and a failure', async () => {
    for (const late of ['refuse', 'fail'] as const) {
      const { check, resolve, reject } = pendingCheck()
      const decision = decided({ checks: [check], onCheckTimeout: 'continue' })
      jest.advanceTimersByTime(800)
      if (late === 'refuse') resolve(new Refusal(403))
      else reject(new Error('too late'))
      await expect(decision).resolves.toEqual(CONTINUE)
    }
    await aTurn()
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('is dropped after the client has left', async () => {
    const { check, reject } = pendingCheck()
    const client = new AbortController()
    const decision = decided({ checks: [check] }, waiting, client.signal)
    client.abort(new Error('client gone'))
    reject(new Error('too late'))
    await expect(decision).rejects.toThrow('client gone')
    await aTurn()
    expect(unhandled).not.toHaveBeenCalled()
  })
})
