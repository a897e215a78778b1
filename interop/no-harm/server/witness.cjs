// What the server's side of a connection saw, by the client's address: requests as Node parsed them, and
// what was dispatched, finished and read, in order. Each response is stamped with its request's
// number on the connection (`x-n`) before anybody can answer it.
const { subscribe } = require('node:diagnostics_channel')
const { AsyncLocalStorage } = require('node:async_hooks')

const bySocket = new WeakMap()
const byRequest = new WeakMap()
const open = new Set()
const keyOf = new WeakMap()
const current = new AsyncLocalStorage()
/** Things that the process said and that belong to no connection. */
const stray = []

subscribe('http.server.request.start', ({ request, response, socket }) => {
  const log = logOf(socket)
  if (log === undefined) return
  const n = log.parsed.length
  log.parsed.push([request.method, request.url, request.httpVersion])
  byRequest.set(request, { log, n })
  response.setHeader('x-n', n)
  const note = (what) => log.events.push(`${what}${n}`)
  response.once('finish', () => {
    if (!request.complete) note('early')
    note('f')
  })
  response.once('close', () => note(response.writableFinished ? 'c' : 'C'))
})

function logOf(socket) {
  return bySocket.get(socket) ?? bySocket.get(socket?._parent)
}

function watch(server) {
  server.prependListener('connection', (socket) => {
    const key = `${socket.remoteAddress}:${socket.remotePort}`
    const log = { parsed: [], events: [] }
    bySocket.set(socket, log)
    open.add(socket)
    keyOf.set(socket, key)
    socket.once('close', () => {
      tell(key, log, () => open.delete(socket))
    })
  })
}

/** `note('r', …)` becomes `r<n>:…` among the events of the connection. */
function noteOf(request) {
  const { log, n } = byRequest.get(request) ?? { log: { events: [] }, n: -1 }
  return (what, ...rest) => log.events.push([what + n, ...rest].join(':'))
}

/**
 * A request has reached the application: which hears of its events from now on, of `error` only where
 * the target asks for it, and whose context must be nobody else's.
 */
function enter(request) {
  const note = noteOf(request)
  note('d')
  if (current.getStore() !== undefined) note('foreign-context')
  request.once('end', () => note('E'))
  request.once('aborted', () => note('A'))
  request.on('close', () => note('Q'))
  if (request.url.endsWith('?e')) request.on('error', ({ code }) => note('X', code))
  /** An answer begins: is there content that is still to come? */
  const early = () => {
    if (!request.complete) note('early')
  }
  return { note, early }
}

/** An application has failed, and its framework answers: is there content that is still to come? */
function failed(request, { message }) {
  const note = noteOf(request)
  if (!request.complete) note('early')
  note('e', message)
}

/** A moment after the end of a connection, for what handlers hear of it. */
const AFTERMATH_MS = 15
/** Logs of ended connections, told together. */
const told = []

function tell(key, log, then) {
  setTimeout(() => {
    then()
    if (told.push([key, log]) === 1) setTimeout(send, 10)
  }, AFTERMATH_MS)
}

function send() {
  process.send({ logs: told.splice(0), said: stray.splice(0) })
}

const ofKey = (key) => [...open].filter((socket) => keyOf.get(socket) === key)
/** Also while the log of its end is under way. */
const isOpen = (key) => ofKey(key).length > 0

/** Cuts what the client has left and the server has not. */
function drop(key) {
  for (const socket of ofKey(key)) socket.destroy()
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

module.exports = { watch, enter, failed, isOpen, drop, memory, say, current }
