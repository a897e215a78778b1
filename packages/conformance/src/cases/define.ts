// Short ways to write a case; what comes out is the plain data of case.ts.

import { chunks, FIVE } from './bytes.js'
import type { Area, Http1Case, Http2Case, Http2Step, Level, Role, Step } from './case.js'

export function http1(
  area: Area,
  id: string,
  level: Level,
  title: string,
  cites: readonly string[],
  needs: readonly Role[],
  steps: readonly Step[],
): Http1Case {
  return { protocol: 'http/1.1', id, area, level, title, cites, needs, steps }
}

export function http2(
  id: string,
  level: Level,
  title: string,
  cites: readonly string[],
  needs: readonly Role[],
  steps: readonly Http2Step[],
): Http2Case {
  return { protocol: 'h2', area: 'http2', id, level, title, cites, needs, steps }
}

/** The whole way of an upload that waits: head, 100, content, answer, and the next request. */
export function continued(bytes: string): readonly Step[] {
  const chunked = /^transfer-encoding: *chunked/im.test(bytes)
  return [
    { do: 'send', bytes },
    { do: 'continue', fields: 'may' },
    { do: 'send', bytes: chunked ? chunks(FIVE) : FIVE },
    { do: 'final', status: ['2xx'], read: FIVE },
    { do: 'sound' },
  ]
}
