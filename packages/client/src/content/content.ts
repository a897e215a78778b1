// The content of an upload: how long it is, whether it can be had again, and how to read it. Describing
// it reads nothing; `open()` begins, and is called once for each time that content is sent.
import { createReadStream, type ReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { IncomingMessage } from 'node:http'
import { Http2ServerRequest } from 'node:http2'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { isAnyArrayBuffer } from 'node:util/types'
import type { Body, Produced } from '../options/types.js'
import {
  pieceOf,
  type Source,
  StreamState,
  sourceOfBlob,
  sourceOfBytes,
  sourceOfIterator,
  sourceOfStream,
  sourceOfWebStream,
} from './source.js'

export interface Content {
  /** Bytes, where known without reading. */
  readonly length: number | undefined
  /** Can it be had again from the beginning? */
  readonly replayable: boolean
  /** What it says its media type is. */
  readonly type?: string | undefined
  /** All of it, where it lies in memory in one piece. */
  readonly bytes?: Uint8Array
  open(): Promise<Source> | Source
  /** The upload is over: gives back what was never opened, or not read to its end. */
  discard(): void
}

const nothing = (): void => undefined
/** Fewer turns than with the 64 KiB of Node; more than this gains nothing. */
const FILE_PIECE_BYTES = 262_144

export function isStream(value: unknown): value is Readable {
  return (
    value instanceof Readable ||
    (typeof value === 'object' &&
      value !== null &&
      'pipe' in value &&
      'read' in value &&
      typeof value.read === 'function')
  )
}

export function describeContent(body: Body): Content | Promise<Content> {
  if (body === undefined || body === null) return inMemory(new Uint8Array(0))
  if (typeof body === 'string') return inMemory(Buffer.from(body), 'text/plain;charset=UTF-8')
  if (isAnyArrayBuffer(body) || ArrayBuffer.isView(body)) return inMemory(pieceOf(body))
  if (body instanceof Blob) return ofBlob(body)
  if (body instanceof URL) return ofFile(fileURLToPath(body))
  if (typeof body === 'function') return ofFunction(body)
  if (isStream(body)) return ofStream(body)
  return once(() => sourceOfProduced(body))
}

function inMemory(bytes: Uint8Array, type?: string): Content {
  const open = (): Source => sourceOfBytes(bytes)
  return { bytes, length: bytes.byteLength, replayable: true, type, open, discard: nothing }
}

function ofBlob(blob: Blob): Content {
  const open = (): Source => sourceOfBlob(blob)
  const type = blob.type === '' ? undefined : blob.type
  return { length: blob.size, replayable: true, type, open, discard: nothing }
}

async function ofFile(path: string): Promise<Content> {
  const facts = await stat(path)
  if (facts.isDirectory()) throw new Error(`${path} is a directory`)
  const length = facts.isFile() ? facts.size : undefined
  let opened: ReadStream | undefined
  return {
    length,
    // A pipe or a terminal gives its bytes once.
    replayable: facts.isFile(),
    open() {
      if (length === 0) return sourceOfBytes(new Uint8Array(0))
      // What is appended meanwhile was not announced.
      const end = length === undefined ? Number.POSITIVE_INFINITY : length - 1
      opened?.destroy()
      opened = createReadStream(path, { highWaterMark: FILE_PIECE_BYTES, end })
      return sourceOfStream(new StreamState(opened))
    },
    discard: () => void opened?.destroy(),
  }
}

function ofFunction(produce: () => Produced | Promise<Produced>): Content {
  let opened: Produced | undefined
  return {
    length: undefined,
    replayable: true,
    async open() {
      opened = await produce()
      return sourceOfProduced(opened)
    },
    discard() {
      if (isStream(opened)) giveBack(opened)
    },
  }
}

async function ofStream(stream: Readable): Promise<Content> {
  const state = new StreamState(stream)
  if (stream.errored != null) throw stream.errored
  return {
    length: await lengthOf(stream),
    replayable: false,
    open: () => sourceOfStream(state),
    discard: () => giveBack(stream),
  }
}

/** What was announced for a request that is passed on, and what is left of a file. */
async function lengthOf(stream: Readable): Promise<number | undefined> {
  if (isRequest(stream)) {
    const announced = stream.headers['content-length']
    return announced !== undefined && !stream.readableDidRead ? Number(announced) : undefined
  }
  const { path, start, end } = stream as Partial<ReadStream & { start: number; end: number }>
  if (typeof path !== 'string' || stream.readableDidRead) return undefined
  const facts = await stat(path).catch(nothing)
  if (facts?.isFile() !== true) return undefined
  return Math.max(0, Math.min((end ?? Number.POSITIVE_INFINITY) + 1, facts.size) - (start ?? 0))
}

type ServerRequest = IncomingMessage | Http2ServerRequest

function isRequest(stream: unknown): stream is ServerRequest {
  return stream instanceof IncomingMessage || stream instanceof Http2ServerRequest
}

/** A stream that nobody reads any more holds a descriptor; a request that is destroyed cannot be answered. */
function giveBack(stream: Readable): void {
  if (!isRequest(stream) && typeof stream.destroy === 'function') stream.destroy()
}

function once(open: () => Source): Content {
  return { length: undefined, replayable: false, open, discard: nothing }
}

function sourceOfProduced(produced: Produced): Source {
  // Types say that none is null, and functions in JavaScript give it all the same.
  if (produced === null) return sourceOfBytes(pieceOf(produced))
  if (produced instanceof Blob) return sourceOfBlob(produced)
  if (isStream(produced)) return sourceOfStream(new StreamState(produced))
  if (produced instanceof ReadableStream) return sourceOfWebStream(produced)
  if (typeof produced === 'object' && Symbol.asyncIterator in produced) {
    return sourceOfIterator(produced[Symbol.asyncIterator]())
  }
  if (
    typeof produced === 'object' &&
    Symbol.iterator in produced &&
    !ArrayBuffer.isView(produced)
  ) {
    return sourceOfIterator(produced[Symbol.iterator]())
  }
  return sourceOfBytes(pieceOf(produced))
}
