// The options of TLS to upstreams. What Node would throw for at the first connection is told where it is
// written. Law: nothing of a key or a certificate is shown.

import { type ConnectionOptions, createSecureContext } from 'node:tls'
import { OptionError } from '@expectation/core'
import { errorOf } from '../upstream/begin-call.js'
import { isPlain } from './plain.js'

const REMEDY = 'Give an object with options of tls.connect.'

/** @throws OptionError - it is no object of options, or Node can make no TLS of it. */
export function readTls(value: ConnectionOptions | undefined): ConnectionOptions | undefined {
  if (value === undefined) return value
  if (!isPlain(value)) {
    const received = typeof value === 'object' && value !== null ? nameOf(value) : value
    throw new OptionError({ option: 'tls', received, remedy: REMEDY })
  }
  // One that is given ready-made is used as it is, and the rest of them is not looked at.
  if (value.secureContext !== undefined) return value
  try {
    createSecureContext(value)
  } catch (error) {
    const names = Object.keys(value).join(', ')
    const remedy = `${REMEDY} Node says: ${errorOf(error).message}`
    throw new OptionError({ option: 'tls', received: `[${names}]`, remedy })
  }
  return value
}

function nameOf(value: object): string {
  return `[${value.constructor?.name ?? 'object'}]`
}
