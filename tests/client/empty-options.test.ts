// What cannot hold an option is not read as holding none: a Map, a promise that nobody waited for, a list, a
// date. It is told where it is written, and nothing is sent.
import http from 'node:http'
import type https from 'node:https'
import {
  EarlyAnswerAgent,
  earlyAnswerDispatcher,
  hearOut,
  OptionError,
  type UploadOptions,
  upload,
} from '@expectation/client'
import { Agent, fetch as undiciFetch } from 'undici'
import { afterThisTest } from '../support/cleanup.js'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { answer, scripted, take } from './upload-server.js'

forbidStrayErrors()

/** As some packages write it: an object like any other, with `then`. */
class Thenable {
  readonly _bits = 0
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
  then(): void {}
}

const holdNothing: readonly (readonly [string, unknown])[] = [
  ['a promise', Promise.resolve({ a: 'b' })],
  ['a promise of another package', new Thenable()],
  ['a date', new Date(0)],
  ['a Response', new Response('a', { headers: { a: 'b' } })],
  ['a weak map', new WeakMap()],
  ['a regular expression', /a/],
  ['a URL', new URL('http://a/')],
  ['an AbortSignal', new AbortController().signal],
  ['bytes', new Uint8Array(0)],
  ['a boxed number', Object(1)],
  ['null', null],
]

/** Of these, header fields may be given as some: they have names and values. */
const iterable: readonly (readonly [string, unknown])[] = [
  ['a Map', new Map([['attempts', 1]])],
  ['an empty Map', new Map()],
  ['a Set', new Set()],
  ['a list', []],
  ['Headers', new Headers()],
  ['parameters', new URLSearchParams()],
]

function invalid(option: string, received: unknown) {
  return { name: 'OptionError', code: 'ERR_EXPECTATION_INVALID_OPTION', option, received }
}

async function refused(options: object, option: string, received: unknown): Promise<void> {
  const { url, seen } = await scripted(take())
  const uploaded = within('an error', upload(url, { body: 'a', ...options }))
  await expect(uploaded).rejects.toMatchObject(invalid(option, received))
  await expect(uploaded).rejects.toThrow(/^\S+ cannot be .+\. (Write|Give) /)
  expect(seen).toEqual([])
}

describe.each(['retry', 'agent'])('%s', (option) => {
  test.each([...holdNothing, ...iterable])('cannot be %s', async (_what, value) => {
    await refused({ [option]: value }, option, value)
  })
})

test.each(['http', 'https'])('agent.%s cannot be an agent to be', async (scheme) => {
  const agent = { [scheme]: Promise.resolve(new http.Agent()) }
  await refused({ agent }, 'agent', agent)
})

test('an object whose `addRequest` is no function is no agent', async () => {
  const agent = { addRequest: true }
  const { url, seen } = await scripted(take())
  const uploaded = upload(url, { agent: agent as unknown as http.Agent })
  await expect(within('an error', uploaded)).rejects.toThrow(OptionError)
  expect(seen).toEqual([])
})

describe('headers', () => {
  test.each(holdNothing)('cannot be %s', async (_what, value) => {
    await refused({ headers: value }, 'headers', value)
  })

  test.each(holdNothing.filter(([, value]) => value !== null))(
    'nor can authorize() give %s',
    async (_what, value) => {
      const { url, seen } = await scripted(answer(401), take())
      // A promise is waited for there, and may give the fields.
      const given = value instanceof Promise || value instanceof Thenable ? new Date(0) : value
      const authorize = (() => given) as unknown as () => undefined
      await expect(within('an error', upload(url, { body: 'a', authorize }))).rejects.toMatchObject(
        { code: 'authorize_failed', cause: invalid('authorize()', given) },
      )
      expect(seen).toHaveLength(1)
    },
  )

  test.each([
    ['an object', { 'X-A': 'b' }],
    ['an object without a prototype', Object.assign(Object.create(null), { 'X-A': 'b' })],
    ['entries', [['X-A', 'b']]],
    ['a Map', new Map([['X-A', 'b']])],
    ['Headers', new Headers({ 'X-A': 'b' })],
    ['parameters', new URLSearchParams({ 'X-A': 'b' })],
    [
      'an instance',
      new (class {
        'X-A' = 'b'
      })(),
    ],
  ])('can be %s', async (_what, headers) => {
    const { url, seen } = await scripted(take())
    const options: UploadOptions = {
      body: 'a',
      headers: (headers as UploadOptions['headers']) ?? {},
    }
    await within('an answer', upload(url, options))
    expect(seen).toMatchObject([{ headers: { 'x-a': 'b' } }])
  })
})

test.each([
  ['a Map', new Map()],
  ['Headers', new Headers()],
])('body cannot be %s: it holds no bytes', async (_what, body) => {
  await refused({ body }, 'body', body)
})

test.each([...holdNothing, ...iterable])('the options cannot be %s', async (_what, value) => {
  const { url, seen } = await scripted(take())
  const uploaded = within('an error', upload(url, value as UploadOptions))
  await expect(uploaded).rejects.toMatchObject(invalid('options', value))
  expect(seen).toEqual([])
})

const functions: Readonly<Record<string, (options: unknown) => unknown>> = {
  'earlyAnswerDispatcher()': (options) => earlyAnswerDispatcher(options as Agent.Options),
  'new EarlyAnswerAgent()': (options) => new EarlyAnswerAgent(options as http.AgentOptions),
  'new EarlyAnswerAgent.Secure()': (options) =>
    new EarlyAnswerAgent.Secure(options as https.AgentOptions),
}

describe.each(Object.keys(functions))('%s', (name) => {
  const make = functions[name] as (options: unknown) => unknown
  test.each([...holdNothing, ...iterable, ['text', 'a'] as const, ['true', true] as const])(
    'not with %s',
    (_what, value) => {
      // As Node's own agents.
      if (value === null && name.startsWith('new')) return expect(make(value)).toBeDefined()
      expect(() => make(value)).toThrow(expect.objectContaining(invalid('options', value)))
    },
  )
})

test.each([...holdNothing, ...iterable, ['text', 'a'] as const])(
  'connect of earlyAnswerDispatcher() cannot be %s',
  (_what, connect) => {
    const make = () => earlyAnswerDispatcher({ connect } as Agent.Options)
    if (connect === null) return expect(make()).toBeInstanceOf(Agent)
    expect(make).toThrow(expect.objectContaining(invalid('connect', connect)))
  },
)

test.each([undefined, {}, { connect: null }, Object.create(null)])(
  'earlyAnswerDispatcher(%p) works',
  async (options) => {
    const { url } = await scripted(take())
    const dispatcher = earlyAnswerDispatcher(options)
    afterThisTest(() => dispatcher.destroy())
    const sent = undiciFetch(url, { method: 'PUT', body: 'abc', dispatcher })
    expect((await within('an answer', sent)).status).toBe(201)
  },
)

test.each([undefined, null, {}, new Map(), 'socket', Promise.resolve()])(
  'hearOut(%p) is told',
  (given) => {
    const hear = () => hearOut(given as unknown as Parameters<typeof hearOut>[0])
    expect(hear).toThrow(expect.objectContaining(invalid('socket', given)))
  },
)
