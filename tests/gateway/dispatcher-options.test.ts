// What undici knows of a request beside its message: bounds of time, and a signal that gives it up.
import { EventEmitter, getEventListeners } from 'node:events'
import { type DispatchRequest, dispatcher } from '@expectation/gateway'
import { afterThisTest } from '../support/cleanup.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { dispatched } from './support/dispatched.js'
import { answer, rawUpstream, type Script } from './support/raw-upstream.js'

forbidStrayErrors()

const answers: Script = async (connection) => {
  await connection.head()
  connection.send(answer('200 OK', 'here'))
}

test.each([
  ['headersTimeout', -5],
  ['headersTimeout', Number.NaN],
  ['headersTimeout', '5000'],
  ['bodyTimeout', Number.POSITIVE_INFINITY],
  ['bodyTimeout', {}],
  ['signal', {}],
  ['signal', 'now'],
])('%s cannot be %p', (option, value) => {
  const request = { origin: 'http://127.0.0.1:1', method: 'GET', path: '/', [option]: value }
  const code = 'ERR_EXPECTATION_INVALID_OPTION'
  expect(() => dispatcher().request(request, () => undefined)).toThrow(
    expect.objectContaining({ code, option }),
  )
})

test.each([0, null, undefined, 0.5e9, 3e9, Number.MAX_VALUE])(
  'times of %p ms are waited for',
  async (ms) => {
    const warnings: Error[] = []
    const warned = (warning: Error): void => void warnings.push(warning)
    process.on('warning', warned)
    const { origin } = await rawUpstream(answers)
    await dispatched({}, { origin, method: 'GET', path: '/', headersTimeout: ms, bodyTimeout: ms })
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', warned)
    expect(warnings).toEqual([])
  },
)

/** A request with a signal, to an upstream that is silent, or sends half of its answer. */
async function asked(signal: NonNullable<DispatchRequest['signal']>, script: Script) {
  const upstream = await rawUpstream(script)
  const dispatching = dispatcher()
  afterThisTest(() => dispatching.destroy())
  const told = latch<Error | null>()
  const given = latch()
  dispatching.request(
    { origin: upstream.origin, method: 'GET', path: '/', signal },
    (error, got) => {
      if (got === undefined) {
        told.open(error)
        return
      }
      got.body.on('error', (failed) => told.open(failed)).on('end', () => told.open(null))
      got.body.resume()
      given.open()
    },
  )
  const error = () => within('an error', told.opened)
  return { upstream, given: () => within('an answer', given.opened), error }
}

const silent: Script = (connection) => connection.closed()
const half: Script = async (connection) => {
  await connection.head()
  connection.send(answer('200 OK', 'here').slice(0, -1))
  await connection.closed()
}

test('a signal gives up a request that waits for its answer', async () => {
  const abort = new AbortController()
  const { upstream, error } = await asked(abort.signal, async (connection) => {
    await connection.head()
    abort.abort(new Error('enough'))
    await silent(connection)
  })
  expect(await error()).toMatchObject({ message: 'enough' })
  await upstream.connections[0]?.closed()
})

test('and an answer that is on its way', async () => {
  const emitter = new EventEmitter()
  const { upstream, given, error } = await asked(emitter, half)
  await given()
  emitter.emit('abort')
  expect(await error()).toMatchObject({ code: 'UND_ERR_ABORTED' })
  await upstream.connections[0]?.closed()
  expect(emitter.listenerCount('abort')).toBe(0)
})

test('one that was aborted before sends nothing', async () => {
  const { upstream, error } = await asked(AbortSignal.abort('no error'), silent)
  expect(await error()).toMatchObject({ code: 'UND_ERR_ABORTED', cause: 'no error' })
  expect(upstream.connections).toHaveLength(0)
})

test('a signal that outlives its request is let go', async () => {
  const abort = new AbortController()
  const { error } = await asked(abort.signal, answers)
  expect(await error()).toBeNull()
  await new Promise((resolve) => setImmediate(resolve))
  expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0)
})
