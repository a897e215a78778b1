// HTTP/2 with attach(): by prior knowledge, the same handler as the plain server.
import http2 from 'node:http2'
import { attach } from '@expectation/core/node'
import { handler } from './node-handler.mjs'
import { listen } from './support.mjs'

listen(attach(http2.createServer(handler), {}))
