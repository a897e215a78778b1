// The two messages of an upload, of HTTP/1 and of Node's HTTP/2.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request of Node: Express's is one, Koa's is `ctx.req`, Fastify's `request.raw`. */
export type UploadRequest = IncomingMessage | Http2ServerRequest

/** A response of Node: Express's is one, Koa's is `ctx.res`, Fastify's `reply.raw`. */
export type UploadResponse = ServerResponse | Http2ServerResponse
