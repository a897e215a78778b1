// Every server made with Node, by the name that comparisons use; `h2/` before those that speak HTTP/2 in
// the clear. Express has none: it makes its requests from `http.IncomingMessage`.

import { certificate } from '../../interop/client/certificate.mjs'

export const SERVERS = {
  'node:hand-written': async () => (await import('./node.mjs')).handWritten(),
  'node:hand-written-lingering': async () => (await import('./node.mjs')).handWrittenLingering(),
  'node:attach': async () => (await import('./node.mjs')).attached(),
  'node:checked': async () => (await import('./node.mjs')).checked(),
  'node:admitted': async () => (await import('./node.mjs')).admitted(),
  'node:attach-without-grants': async () => (await grantless()).attached(),
  'node:checked-without-grants': async () => (await grantless()).checked(),
  'express:bare': async () => (await import('./express.mjs')).bare(),
  'express:staying': async () => (await import('./express.mjs')).staying(),
  'express:gate': async () => (await import('./express.mjs')).gated(),
  'express:plain': async () => (await import('./express.mjs')).plain(),
  'express:limited': async () => (await import('./express.mjs')).limited(),
  'koa:bare': async () => (await import('./koa.mjs')).bare(),
  'koa:staying': async () => (await import('./koa.mjs')).staying(),
  'koa:gate': async () => (await import('./koa.mjs')).gated(),
  'fastify:bare': async () => (await import('./fastify.mjs')).bare(),
  'fastify:staying': async () => (await import('./fastify.mjs')).staying(),
  'fastify:gate': async () => (await import('./fastify.mjs')).gated(),
  'h2/node:hand-written': async () => (await import('./node.mjs')).handWrittenStreams(),
  'h2-tls/node:hand-written': async () =>
    (await import('./node.mjs')).handWrittenStreams(await certificate()),
  'h2/node:attach': async () => (await import('./node.mjs')).attachedStreams(),
  'h2/koa:bare': async () => (await import('./koa.mjs')).bareStreams(),
  'h2/koa:gate': async () => (await import('./koa.mjs')).gatedStreams(),
  'h2/fastify:bare': async () => (await import('./fastify.mjs')).bareStreams(),
  'h2/fastify:gate': async () => (await import('./fastify.mjs')).gatedStreams(),
  'node:waiting': async () => (await import('./waiting.mjs')).nodeWaiting(),
  'attach:waiting': async () => (await import('./waiting.mjs')).attachedWaiting(),
  'node:lingering': async () => (await import('./waiting.mjs')).byHandLingering(),
  'attach:lingering': async () => (await import('./waiting.mjs')).attachedLingering(),
  'express:lingering': async () => (await import('./waiting.mjs')).expressLingering(),
  'koa:lingering': async () => (await import('./waiting.mjs')).koaLingering(),
  'fastify:lingering': async () => (await import('./waiting.mjs')).fastifyLingering(),
  hapi: async () => (await import('./hapi.mjs')).context(),
}

async function grantless() {
  const { takeGrantsOut } = await import('./without-grants.mjs')
  takeGrantsOut()
  return import('./node.mjs')
}

/** What a generator has to speak to a server of this name; nothing: HTTP/1.1. */
export function protocolOf(name = '') {
  if (name.startsWith('h2/')) return 'h2'
  return name.startsWith('h2-tls/') ? 'h2-tls' : undefined
}
