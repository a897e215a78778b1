// CLIENT_AGENT=none: no agent, so the request itself says `Connection: close`.
import http from 'node:http'
import { tally, whole } from './kit.mjs'

const agent = process.env.CLIENT_AGENT === 'none' ? false : new http.Agent({ keepAlive: true })

tally(
  (url, content) =>
    new Promise((resolve, reject) => {
      const headers = { 'Content-Length': content.length }
      const request = http.request(url, { method: 'PUT', agent, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part) => {
          text += part
        })
        response.on('end', () => resolve(whole(response.statusCode, text)))
        response.on('error', reject)
      })
      request.on('error', reject)
      request.end(content)
    }),
)
