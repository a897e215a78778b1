// Options that were given and not left to their defaults: of several gates only these count.

import type { Format } from '../refusal/body.js'
import { readChoice, readCount, readMilliseconds, readSize } from '../validation/read-option.js'
import { rejectUnknownNames } from '../validation/unknown-names.js'
import { readLogger } from './callback-options.js'
import type { Logger } from './logger.js'
import type { ExpectationOptions, LingerOptions } from './options.js'

/** Bounds of lingering, in the units of {@link LingerOptions}; sizes in bytes. */
export interface LingerPolicy {
  readonly idleMs: number
  readonly totalMs: number
  readonly maxBytes: number
  readonly maxConcurrent: number
}

export interface SaidOptions {
  readonly contentTimeoutMs?: number
  readonly format?: Format
  readonly linger: Partial<LingerPolicy>
  readonly logger?: Logger
}

const LINGER_NAMES: Readonly<Record<keyof LingerOptions, true>> = {
  idleMs: true,
  totalMs: true,
  maxBytes: true,
  maxConcurrent: true,
}

export const lingerNames: readonly string[] = Object.keys(LINGER_NAMES)

export function readSaid(options: ExpectationOptions): SaidOptions {
  const contentTimeoutMs = readMilliseconds('contentTimeoutMs', options.contentTimeoutMs, 1)
  const format = readFormat(options.format)
  const linger = readLinger(options.linger)
  const logger = readLogger(options.logger)
  return Object.freeze({
    ...(contentTimeoutMs !== undefined && { contentTimeoutMs }),
    ...(format !== undefined && { format }),
    linger,
    ...(logger !== undefined && { logger }),
  })
}

function readLinger(options: LingerOptions = {}): Partial<LingerPolicy> {
  rejectUnknownNames('linger', options, lingerNames)
  const idleMs = readMilliseconds('linger.idleMs', options.idleMs, 0)
  const totalMs = readMilliseconds('linger.totalMs', options.totalMs, 0)
  const maxBytes = readSize('linger.maxBytes', options.maxBytes)
  const maxConcurrent = readCount('linger.maxConcurrent', options.maxConcurrent)
  return Object.freeze({
    ...(idleMs !== undefined && { idleMs }),
    ...(totalMs !== undefined && { totalMs }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(maxConcurrent !== undefined && { maxConcurrent }),
  })
}

export function readFormat(format: Format | undefined): Format | undefined {
  if (typeof format === 'function') return format
  const shapes = ['error', 'problem', 'flat'] as const
  return readChoice('format', format, shapes, ', or a function (facts, head)')
}
