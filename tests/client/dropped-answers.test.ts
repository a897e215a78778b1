// RFC 9112 section 9.3: reading the rest of an answer that nobody wants frees its connection for others. It has a
// bound in time, and ends with the upload: a server that never ends such an answer keeps nothing.
import http, { type ServerResponse } from 'node:http'
import { type UploadOptions, upload } from '@expectation/client'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { type Step, scripted, take } from './upload-server.js'

forbidStrayErrors()

const retry = { minDelayMs: 1, maxDelayMs: 2 } as const

/** The first request gets a 503 that goes on and on; later ones what the script says. */
async function trickling(then: (closed: Promise<void>) => Step) {
  const closed = latch()
  const first: Step = (request, response) => {
    request.resume()
    response.writeHead(503)
    const timer = setInterval(() => response.write('.'), 20)
    response.on('close', () => {
      clearInterval(timer)
      closed.open()
    })
  }
  const { url } = await scripted(first, then(closed.opened))
  const send = (options: UploadOptions) =>
    within('an answer', upload(url, { body: 'x', retry, ...options }))
  return { send, closed: closed.opened }
}

test('it ends when the answer that was given has been read', async () => {
  const { send, closed } = await trickling(() => take())
  const response = await send({})
  expect(response.status).toBe(201)
  expect(await within('the content', response.text())).toBe('1\n')
  await within('the end of the first answer', closed)
})

test('it ends with the signal, while the next attempt is under way', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const { send, closed } = await trickling(() => () => controller.abort(reason))
  await expect(send({ signal: controller.signal })).rejects.toBe(reason)
  await within('the end of the first answer', closed)
})

test('it ends in time, however often bytes come', async () => {
  const answered = async (closed: Promise<void>, response: ServerResponse) => {
    await closed
    response.end('late')
  }
  const { send } = await trickling((closed) => (_request, response) => {
    answered(closed, response).catch(() => undefined)
  })
  const response = await send({ idleTimeoutMs: 200 })
  expect(await response.text()).toBe('late')
})

test('one that is short frees its connection all the same', async () => {
  const connections = new Set<unknown>()
  const { url } = await scripted(
    (request, response) => {
      connections.add(request.socket)
      request.resume().on('end', () => response.writeHead(503).end('busy'))
    },
    (request, response, seen) => {
      connections.add(request.socket)
      take()(request, response, seen)
    },
  )
  const agent = new http.Agent({ keepAlive: true })
  const uploading = upload(url, { agent, body: 'x', retry: { minDelayMs: 50, jitter: false } })
  expect((await within('an answer', uploading)).status).toBe(201)
  expect(connections.size).toBe(1)
  agent.destroy()
})
