// A Koa application; gated means that it mounts the gate before its routes. Koa answers when the
// handler is done, so a room that reads on is not waited for.
const { roomOf } = require('../rooms.cjs')
const witness = require('../witness.cjs')

exports.serverFor = ({ mode, options, serverOptions, http }) => {
  const Koa = require('koa')
  const app = new Koa()
  app.on('error', (error, ctx) => {
    if (ctx) witness.failed(ctx.req, error)
  })
  if (mode === 'gated') app.use(require('@expectation/koa').expectation(options))
  app.use((ctx, next) => {
    const io = {
      ...witness.enter(ctx.req),
      req: ctx.req,
      res: ctx.res,
      takeOver() {
        io.early()
        ctx.respond = false
      },
    }
    return witness.current.run(io.note, async () => {
      const room = roomOf(ctx.url)
      if (room === undefined) {
        io.early()
        return await next()
      }
      await new Promise((resolve, reject) => {
        io.answer = (status, text) => {
          io.early()
          ctx.status = status
          ctx.body = text
          resolve()
        }
        Promise.resolve()
          .then(() => room(io))
          .then(resolve, reject)
      })
    })
  })
  const server = http.createServer(serverOptions, app.callback())
  if (mode === 'attached') require('@expectation/core/node').attach(server)
  return server
}
