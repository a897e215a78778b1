// @expectation/gateway on bare Node, in front of the harness at UPSTREAM; over HTTP/2 with PROTOCOL=2,
// towards an HTTP/2 upstream with UPSTREAM_PROTOCOL=2.
import http from 'node:http'
import http2 from 'node:http2'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'
import { listen } from './support.mjs'

const handler = gateway({
  upstreams: [process.env.UPSTREAM],
  ask: process.env.ASK,
  http2: process.env.UPSTREAM_PROTOCOL === '2',
})
const server =
  process.env.PROTOCOL === '2' ? http2.createServer(handler) : http.createServer(handler)
attach(server, {})
listen(server)
