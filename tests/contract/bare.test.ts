import type { IncomingMessage, ServerResponse } from 'node:http'
import { describeError, Refusal } from '@expectation/core'
import { attach, exchangeOf, requestHeadOf, writeError } from '@expectation/core/node'
import type { Action, Application } from './suite/adapter.js'
import { describeContract } from './suite/describe-contract.js'
import { serverFor } from './suite/servers.js'

describeContract({
  name: 'bare Node',
  proves: '@expectation/core',
  transports: ['http', 'https', 'https-beside-http2', 'http2', 'http2-cleartext'],
  differences: {
    'before the gate': 'the gate of a bare server comes before all of its listeners',
    'a gate on a route': 'a bare server has no routes of its own, and one gate',
    'a gate under a prefix': 'a bare server mounts nothing, and has one gate',
    'gates narrow': 'a bare server has one gate',
    'errors left to the framework': 'there is no framework that would answer them',
    'not found left to the framework': 'there is no framework that would answer it',
    'attached by itself': 'attach(server, options) is how a bare server gets its gate',
  },
  serve: (application, transport) =>
    attach(serverFor(transport, listener(application)), application.gate),
})

function listener({ behind, save, errors }: Application) {
  const format = errors === false ? undefined : errors?.format
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (behind !== undefined && (await run(behind, request, response))) return
      if (request.url === '/hello') response.end('hello')
      else if (request.url?.startsWith('/files/') === true) await run(save, request, response)
      else throw new Refusal(404)
    } catch (error) {
      if (!response.headersSent) {
        writeError(response, requestHeadOf(request), describeError(error), format)
      } else exchangeOf(response)?.cut()
    }
  }
}

async function run(action: Action, content: IncomingMessage, response: ServerResponse) {
  const reply = await action({ content, response })
  if (reply === undefined) return false
  const { status = 200, body = '', fields = {} } = reply
  for (const [name, value] of Object.entries(fields)) response.setHeader(name, value)
  response.statusCode = status
  if (status !== 304) response.setHeader('Content-Length', Buffer.byteLength(body))
  response.end(body)
  return true
}
