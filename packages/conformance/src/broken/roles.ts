// What the routes of the model server do. A route gets a way to read content and returns an answer.

import { createHash } from 'node:crypto'
import type { Routes } from '../run/routes.js'
import type { Defects } from './defects.js'
import type { ModelHead } from './read-head.js'

export const LIMIT = 1000
const SLOW_MS = 200

export interface ModelAnswer {
  readonly status: number
  readonly fields?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface ModelContent {
  /** Asks for the content if need be; all of it, or the first part, at most so many bytes. */
  all(most?: number): Promise<Buffer | 'over'>
  first(): Promise<Buffer>
}

export type Role = (head: ModelHead, content: ModelContent) => Promise<ModelAnswer>

export const modelRoutes: Routes = {
  hello: { method: 'GET', target: '/hello' },
  reads: { method: 'POST', target: '/reads' },
  refuses: { method: 'POST', target: '/refuses' },
  limit: { method: 'POST', target: '/limit', bytes: LIMIT },
  slow: { method: 'POST', target: '/slow' },
  slowRefuses: { method: 'POST', target: '/slow-refuses' },
  early: { method: 'POST', target: '/early' },
  readsThenRefuses: { method: 'POST', target: '/reads-then-refuses' },
  partial: { method: 'POST', target: '/partial' },
  throws: { method: 'POST', target: '/throws' },
  missing: { method: 'POST', target: '/nowhere' },
  methods: { method: 'POST', target: '/methods' },
  typed: { method: 'POST', target: '/typed' },
  coded: { method: 'POST', target: '/coded' },
  lengthRequired: { method: 'POST', target: '/length-required' },
  busy: { method: 'POST', target: '/busy' },
  upgrade: { method: 'POST', target: '/upgrade' },
  counts: { method: 'GET', target: '/counts?id={id}' },
}

const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SLOW_MS))

const reads: Role = async (_head, content) => {
  const read = await content.all()
  return read === 'over' ? { status: 413 } : told(read)
}

export function told(content: Buffer): ModelAnswer {
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { status: 200, body: JSON.stringify({ length: content.length, sha256 }) }
}

const refusing =
  (status: number, fields: Readonly<Record<string, string>> = {}): Role =>
  async () => ({ status, fields, body: 'no' })

export function rolesFor(defects: Defects): Readonly<Record<string, Role>> {
  const most = defects.limitOffByOne ? LIMIT - 1 : LIMIT
  const limit: Role = async (head, content) => {
    if (head.framing.kind === 'length' && head.framing.bytes > most && !defects.limitUncounted) {
      return { status: 413 }
    }
    const read = await content.all(defects.limitUncounted ? undefined : most)
    return read === 'over' ? { status: 413 } : told(read)
  }
  const unless = (role: Role): Role => (defects.acceptsRefused ? reads : role)
  return {
    '/hello': async () => ({ status: 200, body: 'hello' }),
    '/reads': reads,
    '/refuses': unless(refusing(401, { 'WWW-Authenticate': 'Bearer' })),
    '/limit': limit,
    '/slow': async (head, content) => {
      await wait()
      return reads(head, content)
    },
    '/slow-refuses': async () => {
      await wait()
      return { status: 403 }
    },
    '/early': async () => ({ status: 200, body: 'early' }),
    '/reads-then-refuses': async (_head, content) => {
      await content.all()
      return { status: 422 }
    },
    '/partial': async (_head, content) => {
      await content.first()
      return { status: 413 }
    },
    '/throws': refusing(500),
    '/methods': unless(refusing(405, { Allow: 'GET' })),
    '/typed': unless(refusing(415, { Accept: 'video/*' })),
    '/coded': async (head, content) =>
      head.field('content-encoding') === undefined || defects.acceptsRefused
        ? reads(head, content)
        : { status: 415, fields: { 'Accept-Encoding': 'gzip' } },
    '/length-required': async (head, content) =>
      head.framing.kind === 'chunked' && !defects.acceptsRefused
        ? { status: 411 }
        : reads(head, content),
    '/busy': refusing(503, { 'Retry-After': '1' }),
  }
}
