// Header fields of refusals, and which status has which beside those that all have.

import type { OpenApiHeader } from './document.js'

export type HeaderName =
  | 'Accept'
  | 'Accept-Encoding'
  | 'Cache-Control'
  | 'Connection'
  | 'Retry-After'
  | 'WWW-Authenticate'

export const HEADERS: Readonly<Record<HeaderName, OpenApiHeader>> = {
  'Cache-Control': {
    description: 'Refusals are never cached.',
    schema: { type: 'string', const: 'no-store' },
  },
  Connection: {
    description:
      '`close` when content was left unread (RFC 9112 section 9.3); HTTP/2 does not have it.',
    schema: { type: 'string', examples: ['close'] },
  },
  'WWW-Authenticate': {
    description: 'The schemes that are taken (RFC 9110 section 11.6.1).',
    schema: { type: 'string', examples: ['Bearer'] },
  },
  Accept: {
    description: 'The media types that are taken, when the type was refused (RFC 9110 15.5.16).',
    schema: { type: 'string', examples: ['video/*, image/*'] },
  },
  'Accept-Encoding': {
    description:
      'The content codings that are taken, when the coding was refused (RFC 9110 15.5.16).',
    schema: { type: 'string', examples: ['gzip'] },
  },
  'Retry-After': {
    description: 'Seconds to wait, or a date, before trying again (RFC 9110 section 10.2.3).',
    schema: { type: 'string', examples: ['1'] },
  },
}

export const ON_EVERY_REFUSAL: readonly HeaderName[] = ['Cache-Control', 'Connection']

export const ON_STATUS: ReadonlyMap<number, readonly HeaderName[]> = new Map<number, HeaderName[]>([
  [401, ['WWW-Authenticate']],
  [415, ['Accept', 'Accept-Encoding']],
  [429, ['Retry-After']],
  [503, ['Retry-After']],
])
