// Every server made with Node, by the name that comparisons use.

export const SERVERS = {
  'node:hand-written': async () => (await import('./node.mjs')).handWritten(),
  'node:hand-written-lingering': async () => (await import('./node.mjs')).handWrittenLingering(),
  'node:attach': async () => (await import('./node.mjs')).attached(),
  'express:bare': async () => (await import('./express.mjs')).bare(),
  'express:gate': async () => (await import('./express.mjs')).gated(),
  'express:plain': async () => (await import('./express.mjs')).plain(),
  'express:limited': async () => (await import('./express.mjs')).limited(),
  'koa:bare': async () => (await import('./koa.mjs')).bare(),
  'koa:gate': async () => (await import('./koa.mjs')).gated(),
  'fastify:bare': async () => (await import('./fastify.mjs')).bare(),
  'fastify:gate': async () => (await import('./fastify.mjs')).gated(),
  'node:waiting': async () => (await import('./waiting.mjs')).nodeWaiting(),
  'attach:waiting': async () => (await import('./waiting.mjs')).attachedWaiting(),
  'attach:lingering': async () => (await import('./waiting.mjs')).lingering(),
  hapi: async () => (await import('./hapi.mjs')).context(),
}
