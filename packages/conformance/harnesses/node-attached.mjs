// Bare Node with attach() of @expectation/core/node: the gate asks the same questions of every
// route; the handler beside it is the one of the plain server.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { handler } from './node-handler.mjs'
import { listen } from './support.mjs'

listen(attach(http.createServer(handler), {}))
