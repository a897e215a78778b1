// RFC 9112 9.6: a server that closes with content unread makes TCP reset the connection. Each client
// of Node finds the answer all the same. The long form with plain Node beside it: interop/client.
import http from 'node:http'
import https from 'node:https'
import { EarlyAnswerAgent, earlyAnswerDispatcher } from '@expectation/client'
import axios from 'axios'
import { request as undiciRequest } from 'undici'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { bare, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { manners, rudeServer } from './rude-server.js'

forbidStrayErrors()

const CONTENT = Buffer.alloc(8_000_000)
const ROUNDS = 5
const { cert: ca } = certificate

type Upload = (url: string) => Promise<number>

function agents() {
  const httpAgent = new EarlyAnswerAgent()
  const httpsAgent = new EarlyAnswerAgent.Secure({ ca })
  afterThisTest(() => {
    httpAgent.destroy()
    httpsAgent.destroy()
  })
  return { httpAgent, httpsAgent }
}

function dispatcher() {
  const made = earlyAnswerDispatcher({ connect: { ca } })
  afterThisTest(() => made.destroy())
  return made
}

function byNodeHttp(): Upload {
  const { httpAgent, httpsAgent } = agents()
  return (url) =>
    new Promise((resolve, reject) => {
      const secure = url.startsWith('https:')
      const open = secure ? https.request : http.request
      const options = { method: 'PUT', agent: secure ? httpsAgent : httpAgent }
      const request = open(url, options, (response) => {
        response.resume().on('error', reject)
        response.on('end', () => resolve(response.statusCode ?? 0))
      })
      request.on('error', reject).end(CONTENT)
    })
}

const clients: Readonly<Record<string, () => Upload>> = {
  'node:http': byNodeHttp,
  axios: () => {
    const client = axios.create({ ...agents(), validateStatus: () => true })
    return async (url) => (await client.put(url, CONTENT, { maxBodyLength: Infinity })).status
  },
  fetch: () => {
    const made = dispatcher()
    return async (url) => {
      // @ts-expect-error: the types of fetch know no dispatcher where those of a browser are loaded, too.
      const response = await fetch(url, { method: 'PUT', body: CONTENT, dispatcher: made })
      await response.text()
      return response.status
    }
  },
  'undici.request': () => {
    const made = dispatcher()
    return async (url) => {
      const response = await undiciRequest(url, {
        method: 'PUT',
        body: CONTENT,
        dispatcher: made,
      })
      await response.body.text()
      return response.statusCode
    }
  },
}

describe.each(Object.keys(clients))('%s', (name) => {
  const client = clients[name] as () => Upload

  test.each(
    Object.keys(manners).flatMap((manner) => [
      [manner, 'http'],
      [manner, 'https'],
    ]),
  )('a server that %s, %s', async (manner, scheme) => {
    const leave = manners[manner as string]
    if (leave === undefined) throw new Error(`There is no manner '${manner}'`)
    const { url } = await rudeServer(leave, scheme === 'https')
    const upload = client()
    for (let round = 0; round < ROUNDS; round += 1) {
      expect(await within('an answer', upload(url), 10_000)).toBe(413)
    }
  })

  test('a reset without an answer is an error, at once', async () => {
    const { url } = await bare((request) => request.socket.resetAndDestroy())
    const upload = client()
    for (let round = 0; round < ROUNDS; round += 1) {
      await expect(within('an error', upload(url))).rejects.toThrow()
    }
  })
})

test('a connection is kept and used again when all content went out', async () => {
  const ports = new Set<number | undefined>()
  const { url } = await bare((request, response) => {
    ports.add(request.socket.remotePort)
    request.resume().on('end', () => response.end('ok'))
  })
  const upload = byNodeHttp()
  for (let round = 0; round < 3; round += 1) expect(await upload(url)).toBe(200)
  expect(ports.size).toBe(1)
})
