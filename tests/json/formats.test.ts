// Which body an error gets: by the server's option, and by what the client explicitly prefers.

import type { BodyFormatter } from '@expectation/core'
import { type ErrorHandlerOptions, errorHandler, expectation, Refusal } from '@expectation/express'
import express, { type Express } from 'express'
import request from 'supertest'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'

keepConsoleErrors()

const refusal = new Refusal(413, {
  message: 'Too <big>',
  details: 'At most 5 & no more',
})

function fail(why: string): never {
  throw new Error(why)
}

function application(options?: ErrorHandlerOptions): Express {
  const app = express()
  app.get('/', () => {
    throw refusal
  })
  app.use(errorHandler(options))
  return app
}

const json = 'application/json; charset=utf-8'
const problem = expect.stringMatching(/^application\/problem\+json/)
const html = expect.stringMatching(/^text\/html; charset=utf-8$/i)

describe('by Accept', () => {
  const rows: readonly (readonly [string | undefined, unknown])[] = [
    [undefined, json],
    ['*/*', json],
    ['application/json', json],
    ['application/*', json],
    ['text/html;q=0.5, application/json', json],
    ['application/json, application/problem+json', json],
    ['image/png', json],
    ['junk;;;', json],
    ['application/problem+json', problem],
    ['application/problem+json, application/json;q=0.9', problem],
    ['application/problem+json, */*;q=0.1', problem],
    ['text/html', html],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', html],
  ]
  for (const [accept, type] of rows) {
    test(`docs/options.md (RFC 9110 12.5.1): Accept: ${accept ?? '(none)'}`, async () => {
      const asked = request(application()).get('/')
      // Supertest sends no Accept by itself.
      const response = await (accept === undefined ? asked : asked.set('Accept', accept))
      expect(response.status).toBe(413)
      expect(response.headers['content-type']).toEqual(type)
      expect(response.headers['cache-control']).toBe('no-store')
      expect(response.headers['content-length']).toBe(String(Buffer.byteLength(response.text)))
    })
  }

  test('docs/options.md: what depends on Accept does not lose what the body says', async () => {
    const app = application()
    const asProblem = await request(app).get('/').set('Accept', 'application/problem+json')
    expect(JSON.parse(asProblem.text)).toMatchObject({
      type: expect.stringMatching(/#content_too_large$/),
      title: 'Content Too Large',
      status: 413,
      detail: expect.stringContaining('At most 5'),
      reason: 'content_too_large',
    })
  })

  test('docs/options.md: the page is accessible, complete, and its text is escaped', async () => {
    const { text } = await request(application()).get('/').set('Accept', 'text/html')
    expect(text).toMatch(/^<!doctype html>/i)
    expect(text).toMatch(/<html lang="[a-z-]+"/)
    expect(text).toMatch(/<title>[^<]+<\/title>/)
    expect(text).toMatch(/<main[\s>]/)
    expect(text.match(/<h1[\s>]/g)).toHaveLength(1)
    expect(text).toContain('413')
    expect(text).toContain('Too &lt;big&gt;')
    expect(text).toContain('At most 5 &amp; no more')
    expect(text).not.toMatch(/<script|https?:\/\//)
  })
})

describe('by option', () => {
  test("'error' is the default", async () => {
    const response = await request(application()).get('/')
    expect(response.text).toBe(
      '{"error":{"code":413,"reason":"content_too_large","message":"Too <big>",' +
        '"details":"At most 5 & no more"}}',
    )
  })

  test("'problem' (RFC 9457)", async () => {
    const response = await request(application({ format: 'problem' })).get('/')
    expect(response.headers['content-type']).toEqual(problem)
    expect(JSON.parse(response.text)).toMatchObject({
      type: expect.stringMatching(/#content_too_large$/),
      title: 'Content Too Large',
      status: 413,
      reason: 'content_too_large',
    })
  })

  test("'flat'", async () => {
    const response = await request(application({ format: 'flat' })).get('/')
    expect(response.headers['content-type']).toBe(json)
    expect(response.body).toMatchObject({ error: 'content_too_large', message: 'Too <big>' })
  })

  test('a function decides alone, whatever the client accepts', async () => {
    const app = application({
      format: (facts, head) => ({ ok: false, why: facts.reason, target: head.target }),
    })
    for (const accept of ['*/*', 'text/html', 'application/problem+json']) {
      const response = await request(app).get('/').set('Accept', accept)
      expect(response.headers['content-type']).toBe(json)
      expect(response.body).toEqual({ ok: false, why: 'content_too_large', target: '/' })
    }
  })

  test('a function may choose the type', async () => {
    const format = (): { contentType: string; body: string } => ({
      contentType: 'text/plain; charset=utf-8',
      body: 'Größe',
    })
    const response = await request(application({ format })).get('/')
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(response.headers['content-length']).toBe('7')
    expect(response.text).toBe('Größe')
  })

  const wrong: readonly (readonly [string, () => unknown, string])[] = [
    ['throws', () => fail('private'), 'format failed: Error: private'],
    ['is asynchronous', async () => ({ late: true }), 'format failed: TypeError: It returned no'],
    ['rejects', () => Promise.reject(new Error('late')), 'format failed: TypeError: It returned'],
    ['returns text alone', () => 'no', 'format failed: TypeError: It returned no body. Return an'],
  ]
  test.each(wrong)(
    'a function that %s falls back to the normalized shape, and is warned of once',
    async (_how, given, warning) => {
      const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
      afterThisTest(() => warn.mockRestore())
      // What is tested is a caller without types.
      const app = application({ format: given as BodyFormatter })
      for (let turn = 0; turn < 2; turn += 1) {
        const response = await request(app).get('/')
        expect(response.status).toBe(413)
        expect(response.body).toMatchObject({ error: { reason: 'content_too_large' } })
      }
      const code = { code: 'EXPECTATION_WRN_OBSERVER' }
      expect(warn.mock.calls).toEqual([[expect.stringContaining(warning), code]])
    },
  )

  test("the gate's format and the errorHandler's agree when only the gate was told", async () => {
    const app = express()
    app.use(expectation({ format: 'flat', maxContentLength: 3 }))
    app.post('/', (_req, res) => void res.send('never'))
    app.use(errorHandler())
    const response = await request(app).post('/').type('text').send('12345')
    expect(response.status).toBe(413)
    expect(response.body).toMatchObject({ error: 'content_too_large' })
  })

  test('a wrong option throws at once', () => {
    // What is tested is a caller without types.
    const wrong = { format: 'xml' } as unknown as ErrorHandlerOptions
    expect(() => errorHandler(wrong)).toThrow(
      expect.objectContaining({ code: 'ERR_EXPECTATION_INVALID_OPTION' }),
    )
    const unknown = { formt: 'flat' } as unknown as ErrorHandlerOptions
    expect(() => errorHandler(unknown)).toThrow(
      expect.objectContaining({ code: 'ERR_EXPECTATION_UNKNOWN_OPTION' }),
    )
  })
})
