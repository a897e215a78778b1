// When to try again: what the server says (Retry-After, RFC 9110 section 10.2.3), else exponential
// backoff with full jitter, which keeps clients that failed together from coming back together.
import { parseHttpDate } from './http-date.js'

export interface RetryPolicy {
  readonly attempts: number
  readonly minDelayMs: number
  readonly maxDelayMs: number
  readonly factor: number
  readonly jitter: boolean
}

/**
 * @param failures - how many attempts have failed, from 1 on
 * @param random - from 0 to below 1
 */
export function backoffMs(policy: RetryPolicy, failures: number, random = Math.random): number {
  const { minDelayMs, maxDelayMs, factor, jitter } = policy
  // 0 times a factor that has grown beyond all numbers is none.
  const whole = minDelayMs === 0 ? 0 : Math.min(maxDelayMs, minDelayMs * factor ** (failures - 1))
  return jitter ? random() * whole : whole
}

/**
 * @param value - the field value, or undefined when there is none
 * @returns milliseconds from `now`, 0 for a date of the past; undefined for what is neither form
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1_000
  const date = parseHttpDate(text, now)
  return date === undefined ? undefined : Math.max(0, date - now)
}

/** `undefined`: not within what the policy waits for, so the answer is given back. */
export function delayMs(
  policy: RetryPolicy,
  failures: number,
  retryAfter?: string,
): number | undefined {
  const told = retryAfterMs(retryAfter, Date.now())
  if (told === undefined) return backoffMs(policy, failures)
  return told > policy.maxDelayMs ? undefined : told
}
