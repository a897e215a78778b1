// The signal that gives a dispatched request up, in either of the forms that undici takes.

import { EventEmitter } from 'node:events'
import { OptionError } from '@expectation/core'
import { RelayError } from '../refusals.js'

export type DispatchSignal = AbortSignal | EventEmitter

/** @throws OptionError - it is no signal. */
export function signalOf(value: unknown): DispatchSignal | undefined {
  if (value === undefined || value === null) return undefined
  if (value instanceof EventEmitter || value instanceof AbortSignal) return value
  const remedy = 'Give an AbortSignal, or an EventEmitter that emits abort.'
  throw new OptionError({ option: 'signal', received: `[${typeof value}]`, remedy })
}

/** @returns Why it is aborted already. */
export function abortedBy(signal: DispatchSignal | undefined): Error | undefined {
  return signal instanceof AbortSignal && signal.aborted ? reasonOf(signal) : undefined
}

/** @returns Lets the signal go, which may outlive many requests. */
export function whenAborted(
  signal: DispatchSignal | undefined,
  aborted: (reason: Error) => void,
): () => void {
  if (signal === undefined) return () => undefined
  const tell = (): void => aborted(reasonOf(signal))
  if (signal instanceof EventEmitter) {
    signal.once('abort', tell)
    return () => void signal.off('abort', tell)
  }
  signal.addEventListener('abort', tell, { once: true })
  return () => signal.removeEventListener('abort', tell)
}

function reasonOf(signal: DispatchSignal): Error {
  const reason: unknown = 'reason' in signal ? signal.reason : undefined
  if (reason instanceof Error) return reason
  const error = new RelayError('The request was aborted.', 'UND_ERR_ABORTED')
  return Object.assign(error, reason !== undefined && { cause: reason })
}
