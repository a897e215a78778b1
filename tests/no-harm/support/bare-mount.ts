// Bare Node: the listener is the application. With the library: `attach(server)`, or with options.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Scene, Transport, Visit } from './scene.js'
import { type AnyServer, serverFor } from './servers.js'
import { pathOf, run, statusOf, type Tell } from './visit.js'

export async function mountBare(
  scene: Scene,
  transport: Transport,
  tell: Tell,
  library: 'attach' | 'gate' | 'plain',
): Promise<AnyServer> {
  const failing = library === 'plain' || scene.errors !== true ? endWith : await normalized()
  const server = serverFor(transport, (request, response) => {
    const visit = bareVisit(request, response, tell, failing)
    const go = (): void => run(scene.handle, visit)
    if (scene.before === undefined) go()
    else scene.before(visit, go)
  })
  scene.created?.(server)
  if (library !== 'plain') {
    const { attach } = await import('@expectation/core/node')
    if (library === 'attach') attach(server)
    else {
      attach(server, scene.options ?? {})
      if (scene.second !== undefined) attach(server, scene.second)
    }
  }
  return server
}

type Failing = (request: IncomingMessage, response: ServerResponse, error: unknown) => void

async function normalized(): Promise<Failing> {
  const { describeError } = await import('@expectation/core')
  const { requestHeadOf, writeError } = await import('@expectation/core/node')
  return (request, response, error) =>
    writeError(response, requestHeadOf(request), describeError(error))
}

function endWith(_request: IncomingMessage, response: ServerResponse, error: unknown): void {
  response.statusCode = statusOf(error)
  response.end('failed')
}

function bareVisit(
  request: IncomingMessage,
  response: ServerResponse,
  note: Tell,
  failing: Failing,
): Visit {
  return {
    request,
    response,
    note,
    path: pathOf(request),
    take: () => response,
    reply(status, body = '', fields = {}) {
      for (const [name, value] of Object.entries(fields)) response.setHeader(name, value)
      response.statusCode = status
      response.setHeader('Content-Length', Buffer.byteLength(body))
      response.end(body)
    },
    fail(error) {
      if (response.headersSent) response.destroy()
      else failing(request, response, error)
    },
  }
}
