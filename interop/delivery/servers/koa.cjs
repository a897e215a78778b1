const { errorHandler, expectation } = require('@expectation/koa')
const Koa = require('koa')
const tell = require('./kit/tell.cjs')

const app = new Koa()
app.use(errorHandler())
app.use(expectation({ maxContentLength: '1mb' }))
app.use((ctx) => {
  if (ctx.method === 'GET') ctx.body = tell.page
  else ctx.status = 201
})
tell(app.listen(0, tell.host))
