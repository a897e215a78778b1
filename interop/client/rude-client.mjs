// One client against one rude server, some rounds: what each round ended with, as JSON.
// usage: rude-client.mjs <client> <plain|ours> <url> <rounds>
import { readdirSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import {
  EarlyAnswerAgent,
  earlyAnswerDispatcher,
  upload,
} from '../../packages/client/dist/index.js'

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
process.removeAllListeners('warning')
const [client, whose, url, rounds] = process.argv.slice(2)
const ours = whose === 'ours'
const content = Buffer.alloc(Number(process.env.CONTENT_BYTES ?? 20_000_000))

const agents = ours
  ? { http: new EarlyAnswerAgent(), https: new EarlyAnswerAgent.Secure() }
  : { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) }

const clients = {
  'node:http': () => (address) =>
    new Promise((resolve, reject) => {
      const scheme = new URL(address).protocol.slice(0, -1)
      const options = { method: 'PUT', agent: agents[scheme] }
      const open = scheme === 'https' ? https.request : http.request
      const request = open(address, options, (response) => {
        response
          .on('error', reject)
          .on('end', () => resolve(response.statusCode))
          .resume()
      })
      request.on('error', reject).end(content)
    }),
  axios: async () => {
    const { default: axios } = await import('axios')
    const made = axios.create({ httpAgent: agents.http, httpsAgent: agents.https })
    const options = { maxBodyLength: Infinity, validateStatus: () => true }
    return async (address) => (await made.put(address, content, options)).status
  },
  got: async () => {
    const { default: got } = await import('got')
    const https = { rejectUnauthorized: false }
    const options = { agent: agents, https, throwHttpErrors: false, retry: { limit: 0 } }
    return async (address) => (await got.put(address, { ...options, body: content })).statusCode
  },
  fetch: async () => {
    const { setGlobalDispatcher } = await import('undici')
    if (ours) setGlobalDispatcher(earlyAnswerDispatcher())
    return async (address) => {
      const response = await fetch(address, { method: 'PUT', body: content })
      await response.text()
      return response.status
    }
  },
  'undici.request': async () => {
    const undici = await import('undici')
    const dispatcher = ours ? earlyAnswerDispatcher() : new undici.Agent()
    return async (address) => {
      const response = await undici.request(address, { method: 'PUT', body: content, dispatcher })
      await response.body.text()
      return response.statusCode
    }
  },
  'upload()': () => async (address) => {
    const response = await upload(address, { body: content, expect: false, retry: false })
    await response.text()
    return response.status
  },
}

const send = await clients[client]()
const seen = {}
let slowest = 0
const descriptors = () => readdirSync('/proc/self/fd').length
await once()
const before = descriptors()
for (let round = 0; round < Number(rounds); round += 1) {
  const begin = performance.now()
  const outcome = await once()
  slowest = Math.max(slowest, performance.now() - begin)
  seen[outcome] = (seen[outcome] ?? 0) + 1
}
await new Promise((resolve) => setTimeout(resolve, 50))
console.log(JSON.stringify({ seen, before, after: descriptors(), slowest: Math.round(slowest) }))
process.exit()

async function once() {
  try {
    return String(await send(url))
  } catch (error) {
    return error.cause?.code ?? error.code ?? error.message
  }
}
