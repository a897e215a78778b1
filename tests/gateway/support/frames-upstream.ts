// An upstream of HTTP/2 without a library: each request is answered by frames as they are written here (RFC 9113
// section 4.1), those of one answer in one packet, or by none.
import { type RawUpstream, rawUpstream, type Script } from './raw-upstream.js'

const PREFACE_BYTES = 24
const HEAD_BYTES = 9
const [DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY] = [0x0, 0x1, 0x3, 0x4, 0x7]
const [END_STREAM, END_HEADERS, ACK] = [0x1, 0x4, 0x1]

/** One frame, for the stream of the request that it answers. */
export type Framed = (stream: number) => Buffer

export interface FramesUpstream extends RawUpstream {
  /** How many heads of requests came, over all connections. */
  readonly heads: () => number
}

/** @param answers - One for each request; the last one also for all that follow. */
export async function framesUpstream(...answers: readonly (readonly Framed[])[]) {
  let heads = 0
  const script: Script = async (connection) => {
    connection.send(frame(SETTINGS, 0, 0))
    await connection.content(PREFACE_BYTES)
    for (;;) {
      const head = Buffer.from(await connection.content(HEAD_BYTES), 'latin1')
      await connection.content(head.readUIntBE(0, 3))
      const type = head.readUInt8(3)
      if (type === SETTINGS && (head.readUInt8(4) & ACK) === 0) {
        connection.send(frame(SETTINGS, ACK, 0))
      }
      if (type !== HEADERS) continue
      const frames = answers[heads] ?? answers.at(-1) ?? []
      heads += 1
      const stream = head.readUInt32BE(5)
      connection.send(Buffer.concat(frames.map((make) => make(stream))))
    }
  }
  const upstream: FramesUpstream = { ...(await rawUpstream(script)), heads: () => heads }
  return upstream
}

/** A head, or trailer fields, which end the stream. */
export function fields(list: Readonly<Record<string, string>>, end: boolean): Framed {
  const payload = Buffer.concat(Object.entries(list).map(([name, value]) => literal(name, value)))
  return (stream) => frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, payload)
}

export function data(text: string, end: boolean): Framed {
  return (stream) => frame(DATA, end ? END_STREAM : 0, stream, Buffer.from(text))
}

export function reset(code: number): Framed {
  return (stream) => frame(RST_STREAM, 0, stream, words(code))
}

/** @param last - The last stream that was looked at. */
export function goaway(last: number, code: number): Framed {
  return () => frame(GOAWAY, 0, 0, words(last, code))
}

/** RFC 7541 section 6.2.2: a literal with a new name. */
function literal(name: string, value: string): Buffer {
  const sized = (text: string) => [Buffer.from([text.length]), Buffer.from(text, 'latin1')]
  return Buffer.concat([Buffer.from([0]), ...sized(name), ...sized(value)])
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, at) => void bytes.writeUInt32BE(value, 4 * at))
  return bytes
}

function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
