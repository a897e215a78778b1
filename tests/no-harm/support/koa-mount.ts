// Koa: middleware in front, the gate, one handler that settles when it has answered.
import type Koa from 'koa'
import type { Scene, Transport, Visit } from './scene.js'
import { type AnyServer, serverFor } from './servers.js'
import { pathOf, run, type Tell } from './visit.js'

export async function mountKoa(
  scene: Scene,
  transport: Transport,
  tell: Tell,
  library: boolean,
): Promise<AnyServer> {
  const app = new (await import('koa')).default()
  app.silent = true
  const ours = library ? await import('@expectation/koa') : undefined
  if (ours !== undefined && scene.errors === true) app.use(ours.errorHandler())
  const { before } = scene
  if (before !== undefined) {
    app.use((ctx, next) =>
      settling(ctx, tell, (visit, resolve, reject) =>
        before(visit, () => void next().then(resolve, reject)),
      ),
    )
  }
  if (ours !== undefined) {
    const gate = ours.expectation(scene.options)
    app.use(scene.wrapped === true ? (ctx, next) => gate(ctx, next) : gate)
    if (scene.second !== undefined) app.use(ours.expectation(scene.second))
  }
  app.use((ctx) => settling(ctx, tell, (visit) => run(scene.handle, visit)))
  const callback = app.callback()
  const server = serverFor(transport, callback)
  scene.created?.(server)
  if (library && (transport === 'h2' || transport === 'h2c')) {
    const { attach } = await import('@expectation/core/node')
    attach(server)
  }
  return server
}

type Settle = (visit: Visit, resolve: () => void, reject: (error: unknown) => void) => void

function settling(ctx: Koa.Context, note: Tell, act: Settle): Promise<void> {
  return new Promise((resolve, reject) => {
    const visit: Visit = {
      request: ctx.req,
      response: ctx.res,
      note,
      path: pathOf(ctx.req),
      take() {
        ctx.respond = false
        // Koa begins with 404, which is for its own answers.
        ctx.res.statusCode = 200
        resolve()
        return ctx.res
      },
      reply(status, body = '', fields = {}) {
        ctx.status = status
        ctx.set({ ...fields })
        ctx.body = body
        resolve()
      },
      fail: reject,
    }
    act(visit, resolve, reject)
  })
}
