// RFC 7578, and the HTML standard ("multipart/form-data", "application/x-www-form-urlencoded"): forms go out as
// they do by `fetch`, with a type of their own, a length, and as often as they are needed. And what a body may be
// is said by its type, as what is none is refused.
import { openAsBlob } from 'node:fs'
import http from 'node:http'
import { PassThrough } from 'node:stream'
import { type Body, OptionError, type Produced, upload } from '@expectation/client'
import { serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { temporaryFile } from './temporary-file.js'
import { answer, scripted, take } from './upload-server.js'

forbidStrayErrors()

const once = { retry: false } as const

/** Reads forms as `fetch` does, and notes how long they were said to be. */
async function reader() {
  const forms: [string, FormDataEntryValue][][] = []
  const heads: http.IncomingHttpHeaders[] = []
  const { url } = await serve(
    http.createServer(async (request, response) => {
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece as Buffer)
      const headers = { 'Content-Type': request.headers['content-type'] ?? '' }
      const form = await new Response(Buffer.concat(pieces), { headers }).formData()
      forms.push([...form])
      heads.push(request.headers)
      response.end(String(Buffer.concat(pieces).byteLength))
    }),
  )
  return { url, forms, heads }
}

test('a form: what was put in comes out, with its length in the head', async () => {
  const path = temporaryFile('of a file')
  const form = new FormData()
  form.append('title', 'a\nb "c" \u00fc')
  form.append('na"me', '')
  form.append('film', await openAsBlob(path, { type: 'video/mp4' }), 'my "film".mp4')
  form.append('film', new Blob(['second']), 'plain')
  const { url, forms, heads } = await reader()
  const response = await within('an answer', upload(url, { method: 'POST', body: form, ...once }))
  const size = await response.text()
  expect(heads[0]).toMatchObject({ 'content-length': size })
  const [title, named, film, plain] = forms[0] ?? []
  expect(title).toEqual(['title', 'a\r\nb "c" \u00fc'])
  expect(named).toEqual(['na"me', ''])
  const files = [film?.[1], plain?.[1]].filter((value): value is File => value instanceof Blob)
  const seen = files.map(async (file) => [file.name, file.type, await file.text()])
  expect(await Promise.all(seen)).toEqual([
    ['my "film".mp4', 'video/mp4', 'of a file'],
    ['plain', 'application/octet-stream', 'second'],
  ])
})

test('parameters', async () => {
  const { url, forms, heads } = await reader()
  const body = new URLSearchParams({ a: 'b c', ü: '&' })
  await within('an answer', upload(url, { method: 'POST', body, ...once }))
  expect(forms[0]).toEqual([...body])
  expect(heads[0]).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    'content-length': String(String(body).length),
  })
})

test('a form can be had again, after it was read', async () => {
  const form = new FormData()
  form.append('file', new Blob([Buffer.alloc(100_000)]), 'zeros')
  const { url, seen } = await scripted((request, response, noted) => {
    response.writeContinue()
    request.resume().on('end', () => answer(503, { 'Retry-After': '0' })(request, response, noted))
  }, take())
  const response = await within('an answer', upload(url, { body: form }))
  expect(response.status).toBe(201)
  expect(seen.map(({ headers }) => headers['content-type'])).toEqual([
    seen[0]?.headers['content-type'],
    seen[0]?.headers['content-type'],
  ])
  expect(seen[1]?.bytes).toBe(Number(seen[1]?.headers['content-length']))
})

test('a type without the boundary is refused, as nobody could read the form', async () => {
  const headers = { 'Content-Type': 'multipart/form-data' }
  const uploaded = upload('http://127.0.0.1:1/', { body: new FormData(), headers })
  await expect(uploaded).rejects.toThrow(OptionError)
})

test.each([new FormData(), new URLSearchParams('a=b'), ['a'], new Map([['a', 'b']])])(
  'a function that gives %p: content_failed, with the remedy',
  async (given) => {
    const { url } = await scripted(take())
    const body = (): Produced => given as unknown as Produced
    await expect(within('the end', upload(url, { body, ...once }))).rejects.toMatchObject({
      code: 'content_failed',
      cause: { message: expect.stringMatching(/^The function gave what is no content\. \w+/) },
    })
  },
)

const refused: Readonly<Record<string, Body>> = {
  // @ts-expect-error
  list: ['a'],
  // @ts-expect-error
  numbers: [1, 2],
  // @ts-expect-error
  map: new Map([['a', 'b']]),
  // @ts-expect-error
  fields: new Headers(),
  // @ts-expect-error
  object: { a: 1 },
}

test.each(Object.keys(refused))('no body by its type, nor when it runs: %s', async (name) => {
  const uploaded = upload('http://127.0.0.1:1/', { body: refused[name] })
  await expect(uploaded).rejects.toThrow(OptionError)
})

test('bodies by their type, which are sent', async () => {
  async function* generator() {
    yield 'a'
    yield Buffer.from('bc')
  }
  const bodies: readonly Body[] = [
    new Set(['a', 'bc']),
    generator(),
    () => generator(),
    () => new Set([Buffer.from('abc')]),
    new PassThrough().end('abc'),
    new Response('abc').body,
  ]
  const { url } = await scripted(take())
  for (const body of bodies) expect(await (await upload(url, { body })).text()).toBe('3\n')
})
