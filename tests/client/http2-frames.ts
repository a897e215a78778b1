// A server of HTTP/2 (RFC 9113) without a library: it says nothing of its own but SETTINGS, if that, and keeps the
// frames of requests as they came, because servers differ in what they make of END_STREAM behind a cut.
import type net from 'node:net'
import tls from 'node:tls'
import { EarlyAnswerAgent } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { latch, within } from '../support/server.js'
import { listening } from './listening.js'

const HEAD_BYTES = 9
const PREFACE_BYTES = 24
const [DATA, HEADERS, RST_STREAM, SETTINGS] = [0x0, 0x1, 0x3, 0x4]
const [END_STREAM, END_HEADERS, ACK] = [0x1, 0x4, 0x1]

const NAMES = new Map([
  [DATA, 'DATA'],
  [HEADERS, 'HEADERS'],
  [RST_STREAM, 'RST_STREAM'],
])

export interface FramesOrigin {
  readonly url: string
  readonly agent: InstanceType<typeof EarlyAnswerAgent.Secure>
  /** Frames of streams: `HEADERS`, `DATA`, `DATA END_STREAM`, `RST_STREAM 8`; pieces that follow each other are one. */
  readonly frames: readonly string[]
  /** Connections that there have been. */
  readonly sockets: readonly net.Socket[]
  /** Waits for a frame, which may have come already. */
  reach(frame: string): Promise<void>
  /** Answers the newest request. */
  answer(status: number, end: boolean): void
}

interface FramesOptions {
  readonly settings?: boolean
  readonly staysOpen?: boolean
  /** Each request is refused with `not here`, and its stream is reset with this code in the same packet. */
  readonly refusesWith?: number
}

export async function framesOrigin(options: FramesOptions = {}): Promise<FramesOrigin> {
  const { settings = true, staysOpen = false, refusesWith } = options
  const frames: string[] = []
  const sockets: net.Socket[] = []
  const looks = new Set<() => void>()
  let newest = { stream: 0, socket: undefined as net.Socket | undefined }
  const secured = { ...certificate, ALPNProtocols: ['h2'], allowHalfOpen: staysOpen }
  const server = tls.createServer(secured, (socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    if (settings) socket.write(frame(SETTINGS, 0, 0))
    socket.on(
      'data',
      frameReader(({ type, flags, stream, payload }) => {
        if (settings && type === SETTINGS && (flags & ACK) === 0)
          socket.write(frame(SETTINGS, ACK, 0))
        if (type === HEADERS) newest = { stream, socket }
        if (type === HEADERS && refusesWith !== undefined) {
          socket.write(refusalOf(stream, refusesWith))
        }
        const named = nameOf(type, flags, payload)
        if (named === undefined || (named === 'DATA' && frames.at(-1) === named)) return
        frames.push(named)
        for (const look of looks) look()
      }),
    )
  })
  const agent = new EarlyAnswerAgent.Secure({ ca: certificate.cert })
  const port = await listening(server, agent, sockets)
  return {
    url: `https://localhost:${port}/`,
    agent,
    frames,
    sockets,
    reach: async (wanted) => {
      const reached = latch()
      const look = (): void => {
        if (frames.includes(wanted)) reached.open()
      }
      looks.add(look)
      look()
      await within(wanted, reached.opened)
    },
    answer: (status, end) => {
      newest.socket?.write(headOf(newest.stream, status, end))
    },
  }
}

function refusalOf(stream: number, code: number): Buffer {
  const reason = Buffer.alloc(4)
  reason.writeUInt32BE(code)
  return Buffer.concat([
    headOf(stream, 403, false),
    frame(DATA, END_STREAM, stream, Buffer.from('not here')),
    frame(RST_STREAM, 0, stream, reason),
  ])
}

function headOf(stream: number, status: number, end: boolean): Buffer {
  // RFC 7541 section 6.2.2: a literal whose name is the eighth of the static table, `:status`.
  const head = Buffer.concat([Buffer.from([0x08, 3]), Buffer.from(String(status))])
  return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, head)
}

function nameOf(type: number, flags: number, payload: Buffer): string | undefined {
  const name = NAMES.get(type)
  if (name === undefined) return undefined
  if (type === RST_STREAM) return `${name} ${payload.readUInt32BE(0)}`
  return (flags & END_STREAM) === 0 ? name : `${name} END_STREAM`
}

function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

function frameReader(came: (frame: Frame) => void): (part: Buffer) => void {
  let unread: Buffer = Buffer.alloc(0)
  let at = PREFACE_BYTES
  return (part) => {
    unread = Buffer.concat([unread, part])
    while (unread.length >= at + HEAD_BYTES) {
      const begin = at + HEAD_BYTES
      const end = begin + unread.readUIntBE(at, 3)
      if (unread.length < end) return
      came({
        type: unread.readUInt8(at + 3),
        flags: unread.readUInt8(at + 4),
        stream: unread.readUInt32BE(at + 5) & 0x7fffffff,
        payload: unread.subarray(begin, end),
      })
      unread = unread.subarray(end)
      at = 0
    }
  }
}
