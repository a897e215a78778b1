// The main kinds of exchange, and what their outcomes say.

import type { ExpectationOptions, Outcome } from '@expectation/core'
import { Refusal } from '@expectation/core'
import type { RawClient } from '../../support/raw-client.js'
import { asking, chunks, head } from '../../support/request.js'
import type { Place, Save } from './places.js'

/** What the client does after its request; the outcome is waited for afterwards. */
type Act = (client: RawClient) => Promise<unknown>

export interface OutcomeKind {
  readonly bytes: string
  readonly act: Act
  readonly facts: Partial<Outcome>
  /** Members that must be there as well, with a number whose size nobody can foretell. */
  readonly times?: readonly ('decisionMs' | 'continueAfterMs')[]
  readonly options?: ExpectationOptions
  readonly save?: Save
  /** The gate decides before a router of Express or Koa has found a route. */
  readonly routed?: boolean
  readonly places?: readonly Place[]
}

const answered: Act = (client) => client.final()
const answeredThenLeaves: Act = async (client) => {
  await client.final()
  client.halfClose()
}

const refuses: Save = async () => {
  throw new Refusal(409)
}
const FRAMEWORKS: readonly Place[] = ['express', 'koa', 'fastify']

export const OUTCOME_KINDS: Readonly<Record<string, OutcomeKind>> = {
  'an upload that asks and is read': {
    bytes: asking(),
    act: async (client) => {
      await client.continue()
      await client.send('hello').final()
    },
    facts: {
      ...{ expectation: 'continue', decision: 'continue', status: 200, continueSent: true },
      ...{ declaredBytes: 5, receivedBytes: 5, avoidedBytes: 0, clientWaited: true },
      connection: 'kept',
    },
    times: ['continueAfterMs', 'decisionMs'],
  },
  'an upload that asks and does not wait': {
    bytes: `${asking()}hello`,
    act: (client) => client.answer(),
    // Whether content was there when the head was read is for the network to say.
    facts: {
      ...{ expectation: 'continue', decision: 'continue', status: 200 },
      ...{ declaredBytes: 5, receivedBytes: 5, avoidedBytes: 0, connection: 'kept' },
      continueSent: expect.any(Boolean) as unknown as boolean,
      clientWaited: expect.any(Boolean) as unknown as boolean,
    },
    times: ['decisionMs'],
  },
  'an upload without an expectation': {
    bytes: `${head({ length: 5 })}hello`,
    act: answered,
    facts: {
      ...{ expectation: 'none', decision: 'pass', status: 200, connection: 'kept' },
      ...{ declaredBytes: 5, receivedBytes: 5, avoidedBytes: 0 },
    },
    times: ['decisionMs'],
  },
  'an upload of undeclared length': {
    bytes: head({ chunked: true }) + chunks('hel', 'lo'),
    act: answered,
    facts: {
      ...{ expectation: 'none', decision: 'pass', status: 200, connection: 'kept' },
      receivedBytes: 5,
    },
    times: ['decisionMs'],
  },
  'an upload on a connection that the client wants closed': {
    bytes: `${head({ length: 5, lines: ['Connection: close'] })}hello`,
    act: answered,
    facts: {
      ...{ expectation: 'none', decision: 'pass', status: 200, connection: 'closed' },
      ...{ declaredBytes: 5, receivedBytes: 5, avoidedBytes: 0 },
    },
    times: ['decisionMs'],
  },
  'an upload of HTTP/1.0': {
    bytes: `${head({ version: '1.0', length: 5, expect: '100-continue' })}hello`,
    act: answered,
    facts: {
      ...{ protocol: '1.0', expectation: 'none', decision: 'pass', status: 200 },
      ...{ declaredBytes: 5, receivedBytes: 5, avoidedBytes: 0, connection: 'closed' },
    },
    times: ['decisionMs'],
  },
  'a refusal of a declared size': {
    bytes: asking({ length: 5_000_000_000 }),
    options: { maxContentLength: 10 },
    act: answeredThenLeaves,
    facts: {
      ...{ expectation: 'continue', decision: 'refuse', by: 'size', status: 413 },
      ...{ reason: 'content_too_large', declaredBytes: 5_000_000_000, clientWaited: true },
      ...{ avoidedBytes: 5_000_000_000, connection: 'lingered', lingerEnd: 'peer-closed' },
    },
    times: ['decisionMs'],
    routed: false,
  },
  'a refusal while content comes': {
    bytes: `${head({ length: 100_000 })}${'x'.repeat(100)}`,
    options: { maxContentLength: 10 },
    act: async (client) => {
      await client.final()
      await client.fin()
      client.send('y'.repeat(200)).halfClose()
    },
    facts: {
      ...{ expectation: 'none', decision: 'refuse', by: 'size', status: 413 },
      ...{ reason: 'content_too_large', declaredBytes: 100_000, avoidedBytes: 99_700 },
      ...{ connection: 'lingered', lingerEnd: 'peer-closed' },
      receivedBytes: expect.any(Number) as unknown as number,
      lingeredBytes: expect.any(Number) as unknown as number,
    },
    times: ['decisionMs'],
    routed: false,
  },
  'a refusal whose small remainder is read and dropped': {
    bytes: `${head({ length: 1000 })}${'x'.repeat(100)}`,
    options: { maxContentLength: 10 },
    act: async (client) => {
      await client.final()
      client.send('y'.repeat(900))
    },
    facts: {
      ...{ expectation: 'none', decision: 'refuse', by: 'size', status: 413 },
      ...{ reason: 'content_too_large', declaredBytes: 1000, receivedBytes: 1000 },
      ...{ avoidedBytes: 0, connection: 'drained' },
    },
    times: ['decisionMs'],
    routed: false,
  },
  'a refusal whose client stays': {
    bytes: asking({ length: 1000 }),
    options: { maxContentLength: 10, linger: { idleMs: 50 } },
    act: answered,
    facts: {
      ...{ expectation: 'continue', decision: 'refuse', by: 'size', status: 413 },
      ...{ reason: 'content_too_large', declaredBytes: 1000, clientWaited: true },
      ...{ avoidedBytes: 1000, connection: 'lingered', lingerEnd: 'idle' },
    },
    times: ['decisionMs'],
    routed: false,
  },
  'an expectation without content that nobody supports': {
    bytes: head({ method: 'PUT', expect: 'other' }),
    act: answered,
    facts: {
      ...{ expectation: 'unsupported', decision: 'refuse', by: 'expectation', status: 417 },
      ...{ reason: 'unsupported_expectation', connection: 'kept' },
    },
    times: ['decisionMs'],
    routed: false,
  },
  'a refusal by a named check': {
    bytes: asking(),
    options: {
      checks: [
        async function quota() {
          return new Refusal(507)
        },
      ],
    },
    act: answeredThenLeaves,
    facts: {
      ...{ expectation: 'continue', decision: 'refuse', by: 'check:quota', status: 507 },
      ...{ reason: 'insufficient_storage', declaredBytes: 5, avoidedBytes: 5 },
      ...{ clientWaited: true, connection: 'lingered', lingerEnd: 'peer-closed' },
    },
    times: ['decisionMs'],
    routed: false,
  },
  'a refusal by the application, before it read': {
    bytes: asking(),
    save: refuses,
    places: FRAMEWORKS,
    act: answeredThenLeaves,
    facts: {
      ...{ expectation: 'continue', decision: 'continue', status: 409, reason: 'conflict' },
      ...{ declaredBytes: 5, avoidedBytes: 5, clientWaited: true },
      ...{ connection: 'lingered', lingerEnd: 'peer-closed' },
    },
    times: ['decisionMs'],
  },
  'a refusal by the application, of content that is small and on its way': {
    bytes: `${head({ length: 5 })}hello`,
    save: refuses,
    places: FRAMEWORKS,
    act: answered,
    facts: {
      ...{ expectation: 'none', decision: 'pass', status: 409, reason: 'conflict' },
      ...{ declaredBytes: 5, receivedBytes: 5, avoidedBytes: 0 },
      connection: expect.stringMatching(/^(drained|kept)$/) as unknown as 'drained',
    },
    times: ['decisionMs'],
  },
  'undeclared content that grows past the limit': {
    bytes: `${head({ chunked: true })}b\r\nhello world\r\n`,
    options: { maxContentLength: 10 },
    places: FRAMEWORKS,
    // It came with the head, and is compared when the gate is reached.
    routed: false,
    act: answeredThenLeaves,
    facts: {
      ...{ expectation: 'none', decision: 'refuse', by: 'size', status: 413 },
      ...{ reason: 'content_too_large', receivedBytes: 11 },
      ...{ connection: 'lingered', lingerEnd: 'peer-closed' },
    },
    times: ['decisionMs'],
  },
  'an answer that is broken off because of the content': {
    bytes: `${head({ chunked: true })}5\r\nhello\r\n`,
    options: { maxContentLength: 10 },
    save: async ({ content, response }) => {
      response.writeHead(200).write('x')
      content.on('data', () => undefined)
      return undefined
    },
    act: async (client) => {
      while (!client.unread.endsWith('x\r\n')) await new Promise((next) => setImmediate(next))
      client.send('6\r\n world\r\n')
      await client.over()
    },
    facts: {
      ...{ expectation: 'none', decision: 'refuse', by: 'size', status: 200 },
      ...{ reason: 'content_too_large', receivedBytes: 11, connection: 'cut' },
    },
    times: ['decisionMs'],
  },
  'a client that leaves in the middle of its content': {
    bytes: asking({ length: 1000 }),
    act: async (client) => {
      await client.continue()
      await client.sendAll('x'.repeat(100))
      client.halfClose()
    },
    facts: {
      ...{ expectation: 'continue', decision: 'continue', continueSent: true },
      ...{ declaredBytes: 1000, receivedBytes: 100, avoidedBytes: 900 },
      ...{ clientWaited: true, connection: 'cut', clientGone: true },
    },
    times: ['continueAfterMs', 'decisionMs'],
  },
}
