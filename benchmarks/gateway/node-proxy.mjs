// The proxies of Node, each on a bare server in a process of its own that loads nothing else:
// `node-proxy.mjs KIND PORT OBJECTS`. So many small objects stay, as those of a real application do; without
// them it is chance whether V8 marks its whole heap thirty times for one upload (FINDINGS.md).
import http from 'node:http'
import net from 'node:net'

const [, , kind, port, objects = '0'] = process.argv
const upstream = `http://127.0.0.1:${port}`

async function gatewayThat(ask) {
  const { attach } = await import('@expectation/core/node')
  const { gateway } = await import('@expectation/gateway')
  return attach(http.createServer(gateway({ upstreams: [upstream], ask })), {})
}

/** Without an agent of its own it opens a connection for each request. */
async function httpProxy() {
  const { default: library } = await import('http-proxy')
  const proxy = library.createProxyServer({ target: upstream, agent: keptAlive() })
  proxy.on('error', (_error, _request, response) => response.destroy())
  return http.createServer((request, response) => proxy.web(request, response))
}

/** The least that carries HTTP: Node's server, `pipe`, Node's client. No proxy: it knows no failure. */
function leastHttp() {
  const agent = keptAlive()
  return http.createServer((request, response) => {
    const { method, url, headers } = request
    const call = http.request({ agent, host: '127.0.0.1', port, method, path: url, headers })
    call.on('response', (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders)
      answer.pipe(response)
    })
    call.on('error', () => response.destroy())
    request.pipe(call)
  })
}

/** The least that carries bytes at all: two sockets, `pipe`, no HTTP. */
function leastBytes() {
  return net.createServer((socket) => {
    const call = net.connect(port, '127.0.0.1')
    socket.on('error', () => call.destroy()).pipe(call)
    call.on('error', () => socket.destroy()).pipe(socket)
  })
}

function keptAlive() {
  return new http.Agent({ keepAlive: true, maxFreeSockets: 64 })
}

const servers = {
  gateway: () => gatewayThat('large'),
  'gateway-always': () => gatewayThat('always'),
  'http-proxy': httpProxy,
  'least-http': leastHttp,
  'least-bytes': leastBytes,
}

const server = await servers[kind]()
const kept = Array.from({ length: Number(objects) }, (_, at) => ({
  at,
  name: `object ${at}`,
  next: {},
}))
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.on('SIGTERM', () => process.exit(kept.length === Number(objects) ? 0 : 1))
