// Requests that Node's parser and clocks refuse, and what Node answers them by itself.

import type { EventEmitter } from 'node:events'
import type http from 'node:http'
import { CHANNELS, type ClientErrorAnswered } from '@expectation/core/node'
import { published } from '../../support/published.js'
import { head } from '../../support/request.js'
import { latch } from '../../support/server.js'

const QUICK_CLOCK: http.ServerOptions = {
  headersTimeout: 50,
  requestTimeout: 50,
  connectionsCheckingInterval: 20,
}

/** What is published on the channel of client errors until the end of the test. */
export function countedErrors(): readonly ClientErrorAnswered[] {
  return published<ClientErrorAnswered>(CHANNELS.clientError)
}

/** Not a listener: one of the application's own would be left to answer. */
export function noticedErrors(server: http.Server): Promise<void> {
  const { opened, open } = latch()
  const emit: EventEmitter['emit'] = server.emit
  const noting: EventEmitter['emit'] = (name, ...event) => {
    if (name === 'clientError') open()
    return emit.call(server, name, ...event)
  }
  Object.assign(server, { emit: noting })
  return opened
}

export interface Broken {
  readonly bytes: string
  readonly status: number
  readonly reason: string
  readonly code: string
  readonly node?: http.ServerOptions
  /** Node's own answer, which it gives without the option. */
  readonly bare: string
}

export const bare = (line: string): string => `HTTP/1.1 ${line}\r\nConnection: close\r\n\r\n`

export const BROKEN: Readonly<Record<string, Broken>> = {
  'a request line that is none': {
    bytes: 'NONSENSE / HTTP/1.1\r\n\r\n',
    status: 400,
    reason: 'bad_request',
    code: 'HPE_INVALID_METHOD',
    bare: bare('400 Bad Request'),
  },
  'a field name that is none': {
    bytes: head({ method: 'GET', target: '/hello', lines: ['Bad Name: x'] }),
    status: 400,
    reason: 'bad_request',
    code: 'HPE_INVALID_HEADER_TOKEN',
    bare: bare('400 Bad Request'),
  },
  'a chunk size that is none': {
    bytes: `${head({ chunked: true })}5\r\nhello\r\nzz\r\n`,
    status: 400,
    reason: 'bad_request',
    code: 'HPE_INVALID_CHUNK_SIZE',
    bare: bare('400 Bad Request'),
  },
  'a head above maxHeaderSize': {
    bytes: head({ method: 'GET', target: '/hello', lines: [`X-Long: ${'x'.repeat(20_000)}`] }),
    status: 431,
    reason: 'request_header_fields_too_large',
    code: 'HPE_HEADER_OVERFLOW',
    bare: bare('431 Request Header Fields Too Large'),
  },
  'a head that never ends (headersTimeout)': {
    bytes: 'GET /hello HTTP/1.1\r\nHost: localhost\r\n',
    status: 408,
    reason: 'request_timeout',
    code: 'ERR_HTTP_REQUEST_TIMEOUT',
    node: QUICK_CLOCK,
    bare: bare('408 Request Timeout'),
  },
  'content that never ends (requestTimeout)': {
    bytes: `${head({ length: 10 })}hello`,
    status: 408,
    reason: 'request_timeout',
    code: 'ERR_HTTP_REQUEST_TIMEOUT',
    node: QUICK_CLOCK,
    bare: bare('408 Request Timeout'),
  },
  'chunk extensions without end': {
    bytes: `${head({ chunked: true })}2;${'a'.repeat(20_000)}=bb\r\nAA\r\n0\r\n\r\n`,
    status: 413,
    reason: 'content_too_large',
    code: 'HPE_CHUNK_EXTENSIONS_OVERFLOW',
    bare: bare('413 Payload Too Large'),
  },
}
