// RFC 9110 15.2 and 15.2.2: a 101 that nobody asked for is no answer. What is there at once, content or
// requests of one agent, keeps neither timers nor connections from others.
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { EarlyAnswerAgent, upload } from '@expectation/client'
import { afterThisTest } from '../support/cleanup.js'
import { bare, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

async function saying(answer: string, after?: 'closes'): Promise<string> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write(answer)
      if (after === 'closes') socket.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test.each([
  ['with the fields of an upgrade', 'Upgrade: a\r\nConnection: upgrade\r\n'],
  ['without them', ''],
])('101 unasked, %s: malformed_answer', async (_title, fields) => {
  const url = await saying(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n`)
  await expect(within('the end', upload(url, { body: 'hello' }))).rejects.toMatchObject({
    code: 'malformed_answer',
    upload: { attempts: { length: 1 } },
  })
})

test.each([
  ['xchunked', '2\r\nok\r\n0\r\n\r\n'],
  ['gzip', '2\r\nok\r\n0\r\n\r\n'],
  ['gzip, chunked', 'ok'],
])(
  'Transfer-Encoding: %s, unasked (RFC 9112 section 7): the answer as it is',
  async (coding, text) => {
    const head = `HTTP/1.1 201 Created\r\nTransfer-Encoding: ${coding}\r\n\r\n`
    const url = await saying(`${head}2\r\nok\r\n0\r\n\r\n`, 'closes')
    const response = await within('an answer', upload(url, { body: 'hello', retry: false }))
    expect(response.status).toBe(201)
    expect(response.headers.get('transfer-encoding')).toBe(coding)
    expect(await within('the content', response.text())).toBe(text)
  },
)

test('content that is there at once lets timers run while it is sent', async () => {
  const { url } = await bare((request, response) => {
    request.resume().on('end', () => response.end('ok'))
  })
  const MOST = 200_000
  let pieces = 0
  const response = await upload(url, {
    expect: false,
    body: function* () {
      let ran = false
      setTimeout(() => {
        ran = true
      })
      for (; !ran && pieces < MOST; pieces += 1) yield 'a'
    },
  })
  expect(await response.text()).toBe('ok')
  expect(pieces).toBeLessThan(MOST)
})

test('waiting for one of the connections of an agent is no connecting', async () => {
  const { url } = await bare((request, response) => {
    request.resume().on('end', () => setTimeout(() => response.end('ok'), 100))
  })
  const agent = new EarlyAnswerAgent({ maxSockets: 1 })
  afterThisTest(() => agent.destroy())
  const options = { agent, body: 'hello', connectTimeoutMs: 50, retry: false } as const
  const three = [1, 2, 3].map(async () => (await upload(url, options)).text())
  expect(await within('answers', Promise.all(three), 5_000)).toEqual(['ok', 'ok', 'ok'])
})

test('a connection that is never made is not waited for (an agent of another kind)', async () => {
  class Never extends http.Agent {
    override createConnection(): undefined {}
  }
  const uploaded = upload('http://127.0.0.1:1/', {
    agent: new Never(),
    body: 'hello',
    connectTimeoutMs: 50,
    retry: false,
  })
  await expect(within('the end', uploaded)).rejects.toMatchObject({ code: 'connect_timeout' })
})
