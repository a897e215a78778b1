// Express, either major: middleware in front, the gate, one handler, as `http.createServer(app)`.
import type { Express, NextFunction, Request, RequestHandler, Response } from 'express'
import type { Scene, Transport, Visit } from './scene.js'
import { type AnyServer, serverFor } from './servers.js'
import { pathOf, run, type Tell } from './visit.js'

export async function mountExpress(
  major: 5 | 4,
  scene: Scene,
  transport: Transport,
  tell: Tell,
  library: boolean,
): Promise<AnyServer> {
  const app = await application(major)
  const server = serverFor(transport, app)
  scene.created?.(server)
  const { before } = scene
  if (before !== undefined) {
    app.use((request: Request, response: Response, next: NextFunction) =>
      before(visitOf(request, response, next, tell), next),
    )
  }
  const ours = library ? await import('@expectation/express') : undefined
  if (ours !== undefined) app.use(around(scene, ours.expectation(scene.options)))
  if (ours !== undefined && scene.second !== undefined) app.use(ours.expectation(scene.second))
  app.use((request: Request, response: Response, next: NextFunction) =>
    run(scene.handle, visitOf(request, response, next, tell)),
  )
  if (ours !== undefined && scene.errors === true) app.use(ours.errorHandler())
  return server
}

/** As OpenTelemetry and New Relic do it: nothing shows whose function is called. */
function around({ wrapped = false }: Scene, gate: RequestHandler): RequestHandler {
  return wrapped ? (request, response, next) => gate(request, response, next) : gate
}

/** The two majors have types of their own; what is used of them here is the same. */
async function application(major: 5 | 4): Promise<Express> {
  if (major === 5) return (await import('express')).default()
  return (await import('express4')).default() as unknown as Express
}

function visitOf(request: Request, response: Response, next: NextFunction, note: Tell): Visit {
  return {
    request,
    response,
    note,
    path: pathOf(request),
    take: () => response,
    reply: (status, body = '', fields = {}) =>
      void response
        .status(status)
        .set({ ...fields })
        .send(body),
    fail: next,
  }
}
