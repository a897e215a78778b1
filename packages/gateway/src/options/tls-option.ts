// The options of TLS to upstreams. What Node would throw for at the first connection is told where it is
// written. Laws:
// - nothing of a key or a certificate is shown
// - a callback that throws within a handshake, where nobody could catch it, fails this connection only

import { type ConnectionOptions, createSecureContext } from 'node:tls'
import { OptionError } from '@expectation/core'
import { errorOf } from '../upstream/begin-call.js'
import { isPlain } from './plain.js'

const REMEDY = 'Give an object with options of tls.connect.'

/** What makes the connections that it is for. */
export interface TlsUse {
  readonly agent: unknown
  /** Origins, or what chooses them. */
  readonly upstreams: readonly string[] | object
}

/** @throws OptionError - it is no object of options, Node can make no TLS of it, or nothing would use it. */
export function readTls(
  value: ConnectionOptions | undefined,
  use: TlsUse,
): ConnectionOptions | undefined {
  if (value === undefined) return value
  if (!isPlain(value)) {
    const received = typeof value === 'object' && value !== null ? nameOf(value) : value
    throw new OptionError({ option: 'tls', received, remedy: REMEDY })
  }
  rejectUnused(value, use)
  rejectUnusable(value)
  const { checkServerIdentity, pskCallback } = value
  return {
    ...value,
    ...(checkServerIdentity && { checkServerIdentity: guardedIdentity(checkServerIdentity) }),
    ...(pskCallback && { pskCallback: guardedKey(pskCallback) }),
  }
}

/** A certificate authority, or a check, that is taken for the one in force would protect nobody. */
function rejectUnused(value: ConnectionOptions, { agent, upstreams }: TlsUse): void {
  const wrong = (remedy: string): OptionError => {
    return new OptionError({ option: 'tls', received: namesOf(value), remedy })
  }
  if (agent !== undefined) {
    throw wrong('The agent makes the connections, and has its own; give them to new https.Agent().')
  }
  const isSecure = (origin: string): boolean => origin.startsWith('https:')
  if (Array.isArray(upstreams) && !upstreams.some(isSecure)) {
    throw wrong('No upstream is https:, so nothing would use it; leave it out.')
  }
}

function rejectUnusable(value: ConnectionOptions): void {
  for (const name of ['checkServerIdentity', 'pskCallback'] as const) {
    const received: unknown = value[name]
    if (received === undefined || typeof received === 'function') continue
    throw new OptionError({ option: `tls.${name}`, received, remedy: 'Give a function.' })
  }
  // One that is given ready-made is used as it is, and the rest of them is not looked at.
  if (value.secureContext !== undefined) return
  try {
    createSecureContext(value)
  } catch (error) {
    const remedy = `${REMEDY} Node says: ${errorOf(error).message}`
    throw new OptionError({ option: 'tls', received: namesOf(value), remedy })
  }
}

type Identity = NonNullable<ConnectionOptions['checkServerIdentity']>
type Psk = NonNullable<ConnectionOptions['pskCallback']>

/** What is no error and not nothing, a promise say, has not said that the identity is right. */
function guardedIdentity(check: Identity): Identity {
  return (host, certificate) => {
    try {
      const said: unknown = check(host, certificate)
      if (!said) return undefined
      Promise.resolve(said).catch(() => undefined)
      return errorOf(said)
    } catch (error) {
      return errorOf(error)
    }
  }
}

function guardedKey(give: Psk): Psk {
  return (hint) => {
    try {
      return give(hint)
    } catch {
      // Without a key Node breaks the handshake off.
      return null
    }
  }
}

function namesOf(value: ConnectionOptions): string {
  return `[${Object.keys(value).join(', ')}]`
}

function nameOf(value: object): string {
  return `[${value.constructor?.name ?? 'object'}]`
}
