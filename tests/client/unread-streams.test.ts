// RFC 9110 section 9.2.2: a request may be repeated when it is known that nothing of it was applied. A stream
// that was wanted, and has given nothing until the attempt ended, still has all of it.
import { PassThrough } from 'node:stream'
import { type UploadOptions, upload } from '@expectation/client'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { answer, hangUp, type Step, scripted, take } from './upload-server.js'

forbidStrayErrors()

const WAIT_MS = 30
const retry = { minDelayMs: 1, maxDelayMs: 2 } as const

/** Says 100, and ends the exchange a little later. */
function wanting(end: Step): Step {
  return (request, response, seen) => {
    response.writeContinue()
    setTimeout(() => end(request, response, seen), WAIT_MS)
  }
}

function post(url: string, body: UploadOptions['body']) {
  const uploading = upload(url, { method: 'POST', expect: true, body, retry })
  return within('an answer', uploading, 5_000)
}

const ends: Readonly<Record<string, Step>> = { 'the server hangs up': hangUp, '503': answer(503) }

describe.each(Object.keys(ends))('POST: 100, and then %s', (name) => {
  test.each(['a stream', 'a function'])('%s', async (kind) => {
    const stream = new PassThrough()
    const second: Step = (request, response, seen) => {
      take()(request, response, seen)
      stream.end('hello')
    }
    const { url, seen } = await scripted(wanting(ends[name] as Step), second)
    const calls = [new PassThrough(), stream]
    const make = (): PassThrough => calls.shift() ?? stream
    const response = await post(url, kind === 'a stream' ? stream : make)
    expect(await response.text()).toBe('5\n')
    expect(seen.map(({ bytes }) => bytes)).toEqual([0, 5])
  })
})

const once: Readonly<Record<string, () => UploadOptions['body']>> = {
  'a stream whose end was sent': () => new PassThrough().end(),
  'a generator, which may have begun': async function* wait() {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    yield 'late'
  },
}

test.each(Object.keys(once))('%s is not repeated', async (name) => {
  const { url, seen } = await scripted(wanting(hangUp), take())
  const body = once[name]?.()
  await expect(post(url, body)).rejects.toMatchObject({ code: 'content_spent' })
  expect(seen).toHaveLength(1)
})

test('a stream that gives nothing in time: idle_timeout at once, as it would give nothing again', async () => {
  const { url, seen } = await scripted((_request, response) => response.writeContinue())
  const body = new PassThrough()
  const options = { body, expect: true, idleTimeoutMs: 50, retry } as const
  const uploaded = within('an error', upload(url, options))
  await expect(uploaded).rejects.toMatchObject({ code: 'idle_timeout' })
  expect(seen).toHaveLength(1)
})
