// Who the client was, for the upstream. What came from outside is worth nothing unless the peer is
// trusted, so every field of the kind is dropped, and made anew.

import { atOnce } from '../at-once.js'
import { type FieldLines, valuesOf } from './field-lines.js'
import { isToken } from './syntax.js'

/** What the gateway knows of the client by itself. */
export interface ClientFacts {
  /** IP address of the peer; `undefined` when it has gone already. */
  readonly address: string | undefined
  readonly secure: boolean
  /** The `Host` or `:authority` of the request. */
  readonly host: string | undefined
}

/** @param key - In lower case. */
export function isForwarding(key: string): boolean {
  return key === 'forwarded' || key === 'x-real-ip' || key.startsWith('x-forwarded-')
}

export interface ForwardedPolicy {
  readonly forwarded: 'x' | 'rfc7239' | false
  readonly trust: (address: string) => boolean
}

/**
 * The lines to send, in place of all that came.
 *
 * @throws what `trust` throws.
 * @throws OptionError - it gave a promise: who is trusted has to be known at once.
 */
export function forwardedLines(
  policy: ForwardedPolicy,
  client: ClientFacts,
  received: FieldLines,
): string[] {
  const { address } = client
  const trusted = address !== undefined && atOnce('trust()', policy.trust(address)) === true
  switch (policy.forwarded) {
    case false:
      return trusted ? forwardingIn(received) : []
    case 'x':
      return xForwarded(client, trusted ? received : [])
    case 'rfc7239':
      return rfc7239(client, trusted ? received : [])
  }
}

function forwardingIn(lines: FieldLines): string[] {
  return lines.flatMap((name, at) =>
    at % 2 === 0 && isForwarding(name.toLowerCase()) ? [name, lines[at + 1] ?? ''] : [],
  )
}

/** A trusted peer has said how the client came to it; how it came to us is of no interest then. */
function xForwarded(client: ClientFacts, trusted: FieldLines): string[] {
  const lines: string[] = []
  const before = valuesOf(trusted, 'x-forwarded-for')
  const chain = [...before, ...(client.address === undefined ? [] : [client.address])]
  if (chain.length > 0) lines.push('X-Forwarded-For', chain.join(', '))
  const proto = valuesOf(trusted, 'x-forwarded-proto')[0] ?? (client.secure ? 'https' : 'http')
  lines.push('X-Forwarded-Proto', proto)
  const host = valuesOf(trusted, 'x-forwarded-host')[0] ?? client.host
  if (host !== undefined) lines.push('X-Forwarded-Host', host)
  return lines
}

function rfc7239(client: ClientFacts, trusted: FieldLines): string[] {
  const parameters = [
    `for=${node(client.address)}`,
    ...(client.host === undefined ? [] : [`host=${quoted(client.host)}`]),
    `proto=${client.secure ? 'https' : 'http'}`,
  ]
  const before = valuesOf(trusted, 'forwarded')
  return ['Forwarded', [...before, parameters.join(';')].join(', ')]
}

/** RFC 7239 section 6: an IPv6 address stands in brackets and quotes. */
function node(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  return address.includes(':') ? `"[${address}]"` : address
}

function quoted(value: string): string {
  return isToken(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`
}
