// Content with its checksum behind it, as S3 takes it of a stream: in frames of `aws-chunked`, then a trailer
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html). Laws:
// - it reads when it is read: the SDK's own begins before the storage has said yes
// - no frame but the last is shorter than S3 takes; the SDK's own are what the client happened to send at once
// - it holds two frames at most, one that is filled and one that is sent

import { Readable } from 'node:stream'

/** S3 takes no less than 8 KiB. */
const LEAST_FRAME = 65_536
const CRLF = Buffer.from('\r\n')

/** What the SDK gives beside the content. */
export interface Trailer {
  readonly checksumAlgorithmFn: new () => {
    update(chunk: Uint8Array): void
    digest(): Promise<Uint8Array>
  }
  /** The name of the field. */
  readonly checksumLocationName: string
  readonly base64Encoder: (digest: Uint8Array) => string
}

export function withTrailer(content: Readable, trailer: Trailer): Readable {
  const options = { objectMode: false, highWaterMark: LEAST_FRAME }
  const framed = Readable.from(frames(content, trailer), options)
  // Content that will not be whole ends the upload by its signal; here it is nobody's error.
  return framed.on('error', () => undefined)
}

async function* frames(content: Readable, trailer: Trailer): AsyncGenerator<Buffer> {
  const hash = new trailer.checksumAlgorithmFn()
  let held: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of content) {
    hash.update(chunk)
    held.push(chunk)
    bytes += chunk.byteLength
    if (bytes < LEAST_FRAME) continue
    yield frame(held, bytes)
    held = []
    bytes = 0
  }
  if (bytes > 0) yield frame(held, bytes)
  const checksum = trailer.base64Encoder(await hash.digest())
  yield Buffer.from(`0\r\n${trailer.checksumLocationName}:${checksum}\r\n\r\n`)
}

function frame(held: readonly Uint8Array[], bytes: number): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.toString(16)}\r\n`), ...held, CRLF])
}
