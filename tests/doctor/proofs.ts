// For every rule that no row of docs/doctor.md shows: a server that shows it. Those that are wrong in one
// way are the mutants of the conformance suite; the rest are written here.
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import net from 'node:net'
import { attach } from '@expectation/core/node'
import type { DoctorOptions } from '@expectation/doctor'
import { startChild } from '../support/child.js'
import { afterThisTest } from '../support/cleanup.js'
import { serve } from '../support/server.js'
import { ours } from './servers.js'

export interface Proof {
  readonly options?: DoctorOptions
  start(): Promise<{ readonly url: string }>
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const missing: Answer = (request, response) => {
  request.resume()
  response.writeHead(404).end('no')
}
const status =
  (code: number, fields: http.OutgoingHttpHeaders = {}): Answer =>
  (_request, response) => {
    response.writeHead(code, { Connection: 'close', ...fields }).end('no')
  }
const hang: Answer = () => undefined

interface Answers {
  /** To everything that has no answer of its own. Default 404. */
  readonly other?: Answer
  /** To a request that Node finds to ask for a 100. */
  readonly asking?: Answer
  readonly unknown?: Answer
}

const answering =
  ({ other = missing, asking = other, unknown = status(417) }: Answers) =>
  async () => {
    const server = http.createServer(other)
    server.on('checkContinue', asking)
    server.on('checkExpectation', unknown)
    return serve(server)
  }

/** A server of the conformance suite that is wrong in one way. */
const mutant = (name: string) => async () => {
  const { port } = await startChild(
    `
import { mutants } from '../packages/conformance/src/broken/mutants.js'
import { startModel } from '../packages/conformance/src/broken/server.js'
startModel(mutants[process.env.MUTANT as string]).then(({ url }) => console.log(new URL(url).port))`,
    { MUTANT: name },
  )
  return { url: `http://127.0.0.1:${port}` }
}

/** For what Node's own server does not do. */
const raw = (take: (head: string, socket: net.Socket) => void) => async () => {
  const server = net.createServer((socket) => {
    let head = ''
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      const before = head.includes('\r\n\r\n')
      head += bytes.toString('latin1')
      if (!before && head.includes('\r\n\r\n')) take(head, socket)
    })
  })
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}` }
}

const REFUSED = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'

const gated = async (): Promise<{ readonly url: string }> => {
  const { port } = await ours()
  return { url: `http://127.0.0.1:${port}` }
}

const isUpload = ({ method }: IncomingMessage): boolean => method === 'PUT'
const uploads =
  (answer: Answer): Answer =>
  (request, response) =>
    isUpload(request) ? answer(request, response) : missing(request, response)

export const proofs: Readonly<Record<string, Proof>> = {
  D101: { start: answering({ asking: hang }) },
  D104: { start: mutant('waits-for-content') },
  D1802: { start: answering({ other: status(502), unknown: status(502) }) },
  D201: { start: answering({ other: uploads(({ socket }) => socket.destroy()), asking: missing }) },
  'D205 D1104': { start: answering({ other: uploads(status(502)), asking: status(401) }) },
  'D202 D303': { start: answering({ other: uploads(hang), asking: missing }) },
  D304: {
    start: answering({
      other: uploads((request, response) => {
        if (Number(request.headers['content-length']) < 1e6) return status(401)(request, response)
        request.resume().once('end', () => status(502)(request, response))
      }),
    }),
  },
  D401: { start: mutant('unknown-hangs') },
  D406: { start: answering({ unknown: status(403) }) },
  D501: { start: mutant('keep-alive-on-refusal') },
  D502: {
    start: raw((head, socket) => {
      socket.write(REFUSED)
      if (head.startsWith('PUT')) socket.once('data', () => socket.end())
    }),
  },
  D702: {
    start: answering({
      other: (request, response) =>
        request.httpVersion === '1.0' ? undefined : missing(request, response),
    }),
  },
  D801: {
    start: answering({ asking: (...both) => (isUpload(both[0]) ? missing : hang)(...both) }),
  },
  D803: {
    start: answering({ asking: (...both) => (isUpload(both[0]) ? missing : status(400))(...both) }),
  },
  D903: { start: mutant('waits-for-content') },
  D905: {
    start: answering({
      other: (request, response) => {
        if (Number(request.headers['content-length']) > 1e12) request.socket.destroy()
        else missing(request, response)
      },
    }),
  },
  D1001: { start: mutant('double-100'), options: { accepts: 'POST /reads' } },
  D1101: { start: answering({ asking: status(403) }) },
  // Over HTTP/1.0 Node does not look at the field.
  D1106: { start: answering({ asking: status(502) }) },
  D1103: { start: answering({ asking: status(417) }) },
  D1104: { start: answering({ asking: status(401) }) },
  D1201: {
    start: answering({
      other: (request, response) => {
        response.setHeader('Accept-Patch', 'text/plain')
        missing(request, response)
      },
    }),
  },
  D1302: {
    options: { accepts: 'PUT /take' },
    start: answering({ asking: (...both) => (both[0].url === '/take' ? hang : missing)(...both) }),
  },
  D1306: {
    options: { accepts: 'PUT /take' },
    start: answering({
      asking: (...both) => (both[0].url === '/take' ? status(201) : missing)(...both),
    }),
  },
  D1307: {
    options: { accepts: 'PUT /take' },
    start: answering({
      asking: (request, response) => {
        if (request.url !== '/take') return missing(request, response)
        response.writeContinue()
        request.once('data', () => status(201)(request, response))
      },
    }),
  },
  D1304: { start: mutant('never-100'), options: { accepts: 'POST /reads' } },
  D1601: { start: mutant('dispatch-after-refusal'), options: { desync: true } },
  D1602: { start: gated, options: { desync: true } },
  D1603: { start: mutant('waits-for-content'), options: { desync: true } },
  D1701: { start: answering({ other: status(201) }) },
  D1702: { start: answering({ other: status(308, { Location: 'https://example.com/' }) }) },
  D1703: {
    start: raw((head, socket) => {
      const twice = head.startsWith('GET') ? 'Content-Length: 0\r\n' : ''
      socket.end(REFUSED.replace('\r\n', `\r\n${twice}`))
    }),
  },
  D1801: {
    start: async () => {
      const server = http.createServer(missing)
      let connections = 0
      server.on('connection', () => {
        connections += 1
        if (connections === 3) server.close()
      })
      return serve(server)
    },
  },
  'D105 D204 D302 D404 D504 D602 D703 D804 D904 D1105': {
    start: async () => {
      const server = http.createServer(missing)
      return serve(attach(server, { maxContentLength: 1000 }))
    },
  },
  D301: { start: mutant('no-linger') },
  D405: { start: mutant('unknown-ignored') },
  'D103 D701 D802': { start: mutant('eager-everywhere') },
}
