// The routes of both Koa harnesses; `gated` ones leave refusals to the gate they are given.
import { contentOf, countOf, LIMIT, SLOW_MS, told, wait } from './support.mjs'

const reads = async (ctx) => {
  ctx.body = told(await contentOf(ctx.req))
}

async function limited(ctx) {
  if ((ctx.request.length ?? 0) > LIMIT) ctx.throw(413)
  const parts = []
  let length = 0
  for await (const part of ctx.req.iterator({ destroyOnReturn: false })) {
    length += part.length
    if (length > LIMIT) ctx.throw(413)
    parts.push(part)
  }
  ctx.body = told(Buffer.concat(parts))
}

const plainRoutes = {
  'POST /limit': limited,
  'POST /slow': async (ctx) => {
    await wait(SLOW_MS)
    await reads(ctx)
  },
  'POST /slow-refuses': async (ctx) => {
    await wait(SLOW_MS)
    ctx.throw(403)
  },
  'POST /typed': (ctx) => ctx.throw(415, { headers: { Accept: 'video/*' } }),
  'POST /coded': (ctx) => {
    if (ctx.get('content-encoding') !== '')
      ctx.throw(415, { headers: { 'Accept-Encoding': 'gzip' } })
    return reads(ctx)
  },
  'POST /length-required': (ctx) => {
    if (ctx.get('content-length') === '') ctx.throw(411)
    return reads(ctx)
  },
}

const sharedRoutes = {
  'GET /hello': (ctx) => {
    ctx.body = 'hello'
  },
  'GET /counts': (ctx) => {
    ctx.body = String(countOf(ctx.query.id))
  },
  'POST /reads': reads,
  'POST /refuses': (ctx) => ctx.throw(401, { headers: { 'WWW-Authenticate': 'Bearer' } }),
  'POST /early': (ctx) => {
    ctx.body = 'early'
  },
  'POST /reads-then-refuses': async (ctx) => {
    await contentOf(ctx.req)
    ctx.throw(422)
  },
  'POST /partial': async (ctx) => {
    for await (const _part of ctx.req.iterator({ destroyOnReturn: false })) ctx.throw(413)
    ctx.throw(400)
  },
  'POST /throws': () => {
    throw new Error('secret')
  },
  'POST /methods': (ctx) => ctx.throw(405, { headers: { Allow: 'GET' } }),
  'POST /busy': (ctx) => ctx.throw(503, { headers: { 'Retry-After': '1' } }),
}

/** One middleware that dispatches by method and path, as a router would. */
export function koaRoutes(routes = plainRoutes) {
  const all = { ...sharedRoutes, ...routes }
  return (ctx) => all[`${ctx.method === 'HEAD' ? 'GET' : ctx.method} ${ctx.path}`]?.(ctx)
}

export { reads }
