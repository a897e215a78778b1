// Node's HTTP/2 client, with a look at the frames that the server sent (RFC 9113 section 4.1): their
// types, flags and order, which the client's own events do not tell.
import http2 from 'node:http2'
import net from 'node:net'
import { Duplex } from 'node:stream'
import tls from 'node:tls'
import { afterThisTest } from './cleanup.js'
import type { Address } from './raw-client.js'
import { within } from './server.js'

const TYPES = [
  'DATA',
  'HEADERS',
  'PRIORITY',
  'RST_STREAM',
  'SETTINGS',
  'PUSH_PROMISE',
  'PING',
  'GOAWAY',
  'WINDOW_UPDATE',
  'CONTINUATION',
] as const

export interface Frame {
  readonly type: (typeof TYPES)[number]
  readonly stream: number
  readonly endStream: boolean
  /** Error code of a RST_STREAM. */
  readonly code?: number
}

export interface FramedSession {
  readonly client: http2.ClientHttp2Session
  /** In the order in which they came. */
  readonly frames: readonly Frame[]
  /** Waits for a frame, which may have come already; Node's client tells late, or never. */
  reach(what: string, wanted: (frame: Frame) => boolean, withinMs?: number): Promise<void>
}

const HEAD_BYTES = 9
const END_STREAM = 0x1

export async function framedSession(to: Address): Promise<FramedSession> {
  const { port, secure = false } = to
  const host = '127.0.0.1'
  const socket = secure
    ? tls.connect({ port, host, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
    : net.connect({ port, host })
  const connected = new Promise<void>((resolve, reject) => {
    socket.once(secure ? 'secureConnect' : 'connect', resolve)
    socket.once('error', reject)
  })
  await within('a connection', connected)
  const frames: Frame[] = []
  const waiting = new Set<() => void>()
  const came = (frame: Frame): void => {
    frames.push(frame)
    for (const look of waiting) look()
  }
  const client = http2.connect(`${secure ? 'https' : 'http'}://localhost:${port}`, {
    createConnection: () => tapped(socket, came),
    // Megabytes: what a test has written and the server has not taken must not end its own streams.
    maxSessionMemory: 1000,
  })
  client.on('error', () => undefined)
  afterThisTest(() => {
    client.destroy()
    socket.destroy()
  })
  return {
    client,
    frames,
    reach: async (what, wanted, withinMs) => {
      const reached = new Promise<void>((resolve) => {
        const look = (): void => {
          if (frames.some(wanted)) resolve()
        }
        waiting.add(look)
        look()
      })
      await within(what, reached, withinMs)
    },
  }
}

/** Not a socket to Node, so that its client reads the bytes in JavaScript, as we do. */
function tapped(socket: net.Socket, came: (frame: Frame) => void): Duplex {
  const read = frameReader(came)
  const tap = new Duplex({
    read: () => void socket.resume(),
    write: (part: Buffer, _encoding, done) => void socket.write(part, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy()
      done(error)
    },
  })
  socket.on('data', (part: Buffer) => {
    read(part)
    if (!tap.push(part)) socket.pause()
  })
  socket.on('end', () => void tap.push(null))
  socket.on('error', (error) => tap.destroy(error))
  return tap
}

function frameReader(came: (frame: Frame) => void): (part: Buffer) => void {
  let unread: Buffer = Buffer.alloc(0)
  return (part) => {
    unread = Buffer.concat([unread, part])
    while (unread.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + unread.readUIntBE(0, 3)
      if (unread.length < end) return
      came(frameOf(unread))
      unread = unread.subarray(end)
    }
  }
}

function frameOf(bytes: Buffer): Frame {
  const type = TYPES[bytes.readUInt8(3)]
  if (type === undefined) throw new Error(`unknown frame type ${bytes.readUInt8(3)}`)
  const ends = type === 'DATA' || type === 'HEADERS'
  return {
    type,
    stream: bytes.readUInt32BE(5) & 0x7fffffff,
    endStream: ends && (bytes.readUInt8(4) & END_STREAM) !== 0,
    ...(type === 'RST_STREAM' && { code: bytes.readUInt32BE(HEAD_BYTES) }),
  }
}
