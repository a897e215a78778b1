// The proxies of Node, each on a bare server in a process of its own: `node-proxy.mjs KIND PORT`.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'
import httpProxy from 'http-proxy'

const [, , kind, port] = process.argv
const upstream = `http://127.0.0.1:${port}`

function ours(ask) {
  const server = http.createServer(gateway({ upstreams: [upstream], ask }))
  return attach(server, {})
}

function theirs() {
  // Without an agent it opens a connection for each request.
  const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 64 })
  const proxy = httpProxy.createProxyServer({ target: upstream, agent })
  proxy.on('error', (_error, _request, response) => response.destroy())
  return http.createServer((request, response) => proxy.web(request, response))
}

const servers = {
  gateway: () => ours('large'),
  'gateway-always': () => ours('always'),
  'http-proxy': theirs,
}

const server = servers[kind]()
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
