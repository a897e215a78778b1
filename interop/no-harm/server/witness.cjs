// What the server's side of a connection saw, by the client's port: requests as Node parsed them, and
// what was dispatched, finished and read, in order. Each response is stamped with its request's
// number on the connection (`x-n`) before anybody can answer it.
const { subscribe } = require('node:diagnostics_channel')
const { AsyncLocalStorage } = require('node:async_hooks')

const bySocket = new WeakMap()
const byRequest = new WeakMap()
const open = new Set()
const portOf = new WeakMap()
const current = new AsyncLocalStorage()
/** Things that the process said and that belong to no connection. */
let stray = []

subscribe('http.server.request.start', ({ request, response, socket }) => {
  const log = logOf(socket)
  if (log === undefined) return
  const n = log.parsed.length
  log.parsed.push([request.method, request.url, request.httpVersion])
  byRequest.set(request, { log, n })
  response.setHeader('x-n', n)
  const note = (what) => log.events.push(`${what}${n}`)
  response.once('finish', () => note('f'))
  response.once('close', () => note(response.writableFinished ? 'c' : 'C'))
})

function logOf(socket) {
  return bySocket.get(socket) ?? bySocket.get(socket?._parent)
}

function watch(server) {
  server.prependListener('connection', (socket) => {
    const port = socket.remotePort
    const log = { parsed: [], events: [] }
    bySocket.set(socket, log)
    open.add(socket)
    portOf.set(socket, port)
    socket.once('close', () => {
      tell(port, log, () => open.delete(socket))
    })
  })
}

/** `note('r', …)` becomes `r<n>:…` among the events of the connection. */
function noteOf(request) {
  const { log, n } = byRequest.get(request) ?? { log: { events: [] }, n: -1 }
  return (what, ...rest) => log.events.push([what + n, ...rest].join(':'))
}

/** A request has reached the application. */
function enter(request) {
  const note = noteOf(request)
  note('d')
  return { note }
}

/** A moment after the end of a connection, for what handlers hear of it. */
const AFTERMATH_MS = 15
let told = []
let telling

function tell(port, log, then) {
  setTimeout(() => {
    then()
    told.push([port, log])
    telling ??= setTimeout(() => {
      process.send({ logs: told, said: stray })
      telling = undefined
      told = []
      stray = []
    }, 10)
  }, AFTERMATH_MS)
}

const ofPort = (port) => [...open].filter((socket) => portOf.get(socket) === port)
/** Also while the log of its end is under way. */
const isOpen = (port) => ofPort(port).length > 0

/** Cuts what the client has left and the server has not. */
function drop(port) {
  for (const socket of ofPort(port)) socket.destroy()
}

async function memory() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await new Promise((r) => setTimeout(r, 20))
  }
  return {
    heap: process.memoryUsage().heapUsed,
    resources: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
  }
}

/** A line of log, in the account of the request in whose context it was written. */
function say(line) {
  const note = current.getStore()
  if (note === undefined) stray.push(line)
  else note('log', line)
}

module.exports = { watch, enter, noteOf, isOpen, drop, memory, say, current }
