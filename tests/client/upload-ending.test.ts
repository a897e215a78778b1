// Every wait ends: with the signal, whatever is under way, and with its own bound.
import { type Progress, upload } from '@expectation/client'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { answer, counting, hangUp, type Step, scripted, take } from './upload-server.js'

forbidStrayErrors()

const SIZE = 200_000
const CONTENT = Buffer.alloc(SIZE, 'a')

describe('ending', () => {
  test.each(['asking', 'sending', 'waiting', 'retrying', 'authorizing'])(
    'abort while %s',
    async (when) => {
      const reason = new Error('enough')
      const controller = new AbortController()
      const later = (): void => void setTimeout(() => controller.abort(reason), 30)
      const steps: Readonly<Record<string, Step>> = {
        asking: later,
        sending: (_request, response) => {
          response.writeContinue()
          later()
        },
        waiting: (request, response) => {
          response.writeContinue()
          request.resume().on('end', later)
        },
        retrying: (request, response, seen) => {
          answer(503, { 'Retry-After': '20' })(request, response, seen)
          later()
        },
        authorizing: answer(401),
      }
      const { url } = await scripted(steps[when] as Step)
      const uploaded = upload(url, {
        body: Buffer.alloc(when === 'sending' ? 20_000_000 : SIZE),
        signal: controller.signal,
        continueTimeoutMs: 10_000,
        authorize: () => {
          later()
          return new Promise(() => undefined)
        },
      })
      await expect(within('the end', uploaded)).rejects.toBe(reason)
    },
  )

  test.each([
    ['before the next attempt', 503, { 'Retry-After': '20' }],
    ['before the next attempt, without a wait', 307, { Location: '/' }],
    ['with the answer at hand', 413, {}],
  ])('abort in onAttempt: %s', async (_title, status, headers) => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const { url, seen } = await scripted(answer(status, headers))
    const uploaded = upload(url, {
      body: 'a',
      signal: controller.signal,
      onAttempt: () => controller.abort(reason),
    })
    await expect(within('the end', uploaded)).rejects.toBe(reason)
    expect(seen).toHaveLength(1)
  })

  test('abort in onAttempt, without an answer', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const { url } = await scripted(hangUp)
    const uploaded = upload(url, {
      body: 'a',
      retry: false,
      signal: controller.signal,
      onAttempt: () => controller.abort(reason),
    })
    await expect(within('the end', uploaded)).rejects.toBe(reason)
  })

  test('aborted before it began: nothing is asked', async () => {
    const { url, seen } = await scripted(take())
    const { stream, reads } = counting(SIZE)
    const signal = AbortSignal.abort(new Error('never'))
    await expect(upload(url, { body: stream, signal })).rejects.toThrow('never')
    expect(seen).toEqual([])
    expect(reads()).toBe(0)
    expect(stream.destroyed).toBe(true)
  })

  test('no answer in time, and no byte in time', async () => {
    const { url } = await scripted((request, response, { asked }) => {
      if (asked) response.writeContinue()
      if (request.url === '/reads') request.resume()
    })
    const once = { retry: false, idleTimeoutMs: 100, responseTimeoutMs: 100 } as const
    const reads = upload(`${url}/reads`, { ...once, body: CONTENT })
    await expect(within('the end', reads)).rejects.toMatchObject({ code: 'response_timeout' })
    const stuck = upload(url, { ...once, body: counting(20_000_000).stream })
    const error: unknown = await within('the end', stuck).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'idle_timeout', name: 'UploadError' })
  })

  test('callbacks that throw, and progress that counts', async () => {
    const { url } = await scripted(take())
    const told: Progress[] = []
    const attempts: unknown[] = []
    const response = await upload(url, {
      body: Buffer.alloc(3_000_000),
      onProgress: (progress) => {
        told.push(progress)
        throw new Error('mine')
      },
      onAttempt: async (attempt) => {
        attempts.push(attempt.status)
        throw new Error('mine, too')
      },
    })
    expect(response.status).toBe(201)
    expect(attempts).toEqual([201])
    expect(told.at(-1)).toEqual({ sentBytes: 3_000_000, contentBytes: 3_000_000, attempt: 1 })
    const sent = told.map(({ sentBytes }) => sentBytes)
    expect(sent).toEqual([...sent].sort((a, b) => a - b))
  })
})
