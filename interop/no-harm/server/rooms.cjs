// Handlers of every manner, the same for all frameworks. A room gets the raw request and response,
// and `answer(status, text)`, which answers as the framework does.
const { createHash } = require('node:crypto')
const { Readable, Writable, pipeline } = require('node:stream')

const turn = () => new Promise((resolve) => setImmediate(resolve))
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Reads to the end by listeners; notes length, checksum and how it ended. */
function readAll(io) {
  const hash = createHash('md5')
  let length = 0
  return new Promise((resolve) => {
    const over = (how) => {
      io.note('r', length, hash.copy().digest('hex').slice(0, 8), how)
      resolve({ length, how })
    }
    let done = false
    const once = (how) => {
      if (!done) {
        done = true
        over(how)
      }
    }
    io.req.on('data', (chunk) => {
      length += chunk.length
      hash.update(chunk)
    })
    io.req.once('end', () => once('end'))
    io.req.once('error', () => once('cut'))
    io.req.once('close', () => once('cut'))
  })
}

/** Reads to the end through a pipe. */
function pipeAll(io) {
  const hash = createHash('md5')
  let length = 0
  const sink = new Writable({
    write(chunk, _encoding, done) {
      length += chunk.length
      hash.update(chunk)
      setImmediate(done)
    },
  })
  const over = (how) => io.note('r', length, hash.copy().digest('hex').slice(0, 8), how)
  sink.once('finish', () => over('end'))
  io.req.once('close', () => {
    if (!io.req.complete) over('cut')
  })
  io.req.pipe(sink)
}

const rooms = {
  now: (io) => io.answer(200, 'now'),
  async later(io) {
    await turn()
    io.answer(200, 'later')
  },
  async slow(io) {
    await wait(3)
    io.answer(200, 'slow')
  },
  async read(io) {
    const { length, how } = await readAll(io)
    if (how === 'end') io.answer(200, `read ${length}`)
  },
  async late(io) {
    await turn()
    const { length, how } = await readAll(io)
    if (how === 'end') io.answer(200, `late ${length}`)
  },
  async iterate(io) {
    const hash = createHash('md5')
    let length = 0
    try {
      for await (const chunk of io.req) {
        length += chunk.length
        hash.update(chunk)
      }
    } catch {
      io.note('r', length, '', 'cut')
      return
    }
    io.note('r', length, hash.digest('hex').slice(0, 8), 'end')
    io.answer(200, `iterate ${length}`)
  },
  tee(io) {
    readAll(io)
    io.answer(200, 'tee')
  },
  pipe(io) {
    pipeAll(io)
    io.answer(200, 'pipe')
  },
  async resume(io) {
    io.answer(202, 'resume')
    await turn()
    await readAll(io)
  },
  refuse: (io) => io.answer(403, 'refused'),
  throw() {
    throw new Error('thrown')
  },
  async reject() {
    await turn()
    throw new Error('rejected')
  },
  /** Throws with half of the answer out. */
  async between(io) {
    io.takeOver()
    io.res.writeHead(200, { 'content-type': 'text/plain', 'content-length': 8 })
    io.res.write('half')
    await turn()
    io.res.destroy(new Error('between'))
  },
  /** Throws with the whole answer out. */
  async after(io) {
    io.answer(200, 'after')
    await turn()
    throw new Error('after')
  },
  sse(io) {
    io.takeOver()
    io.res.writeHead(200, { 'content-type': 'text/event-stream' })
    io.res.write('data: 1\n\n')
  },
  destroy(io) {
    io.takeOver()
    io.req.destroy()
  },
  async half(io) {
    for await (const _ of io.req) break
    io.answer(200, 'half')
  },
  duplex(io) {
    io.takeOver()
    io.res.writeHead(200, { 'content-type': 'application/octet-stream' })
    pipeline(io.req, io.res, () => undefined)
  },
  /**
   * As the AWS SDK copies a request: errors are handed on, and nobody listens there. Node tells of a
   * client that left before the answer; after a whole answer it tells of nothing. A 413 that the gate gives in
   * the handler's place is no answer of its own: content over the limit fails for who reads it.
   */
  async copy(io) {
    const copy = new Readable({ read() {} })
    let answers = false
    let answered = false
    io.res.once('finish', () => {
      answered = answers
    })
    io.req.on('data', (chunk) => copy.push(chunk))
    io.req.on('end', () => copy.push(null))
    io.req.on('error', (error) => copy.destroy(answered ? error : undefined))
    await wait(3)
    answers = true
    io.answer(403, 'copy')
  },
}

/** `/read?x` is the room `read`; what is no room is the framework's 404. */
exports.roomOf = (url) => {
  const name = /^\/([a-z]+)(?:[?#].*)?$/.exec(url)?.[1]
  return name !== undefined && Object.hasOwn(rooms, name) ? rooms[name] : undefined
}
