// The content of an upload: how long it is, whether it can be had again, and how to read it. Describing
// it reads nothing; `open()` begins, and is called once for each time that content is sent.
import { createReadStream, ReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { isAnyArrayBuffer } from 'node:util/types'
import type { Body, Produced } from './body.js'
import { faultOfProduced } from './fault-of.js'
import { blobOf } from './form.js'
import { giveBack, isMessage } from './give-back.js'
import { isForm, isStream } from './kinds.js'
import { sizeOf } from './size-of.js'
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
  /** Was its length measured, so that what is appended to a file meanwhile is not part of it? */
  readonly mayGrow?: boolean
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

const PARAMETERS = 'application/x-www-form-urlencoded;charset=UTF-8'
const nothing = (): void => undefined
/** Fewer turns than with the 64 KiB of Node; more than this gains nothing. */
const FILE_PIECE_BYTES = 262_144

export function describeContent(body: Body): Content | Promise<Content> {
  if (body === undefined || body === null) return inMemory(new Uint8Array(0))
  if (typeof body === 'string') return inMemory(Buffer.from(body), 'text/plain;charset=UTF-8')
  if (isAnyArrayBuffer(body) || ArrayBuffer.isView(body)) return inMemory(pieceOf(body))
  if (body instanceof Blob) return ofBlob(body)
  if (body instanceof URL) return ofFile(fileURLToPath(body))
  if (typeof body === 'function') return ofFunction(body)
  if (isStream(body)) return ofStream(body)
  if (isForm(body)) return ofBlob(blobOf(body))
  if (body instanceof URLSearchParams) return inMemory(Buffer.from(String(body)), PARAMETERS)
  return once(body)
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
  const { isFile, size } = await sizeOf(path)
  let opened: ReadStream | undefined
  return {
    length: size,
    mayGrow: true,
    // A pipe or a terminal gives its bytes once.
    replayable: isFile,
    open() {
      opened?.destroy()
      opened = createReadStream(path, { highWaterMark: FILE_PIECE_BYTES })
      const source = sourceOfStream(new StreamState(opened))
      // A stream reads ahead, and what it had of a pipe is gone with it.
      return isFile ? source : { ...source, begun: true }
    },
    discard: () => void opened?.destroy(),
  }
}

function ofFunction(produce: () => Produced | Promise<Produced>): Content {
  let opened: Readable | undefined
  /** Of the call whose stream is wanted: it may be ready only after the upload has ended. */
  let wanted = 0
  const discard = (): void => {
    wanted += 1
    if (opened !== undefined) giveBack(opened)
    opened = undefined
  }
  return {
    length: undefined,
    replayable: true,
    async open() {
      // What an attempt before has read from.
      discard()
      const call = wanted
      const produced = await produce()
      const fault = faultOfProduced(produced)
      if (fault !== undefined) throw new TypeError(`The function gave what is no content. ${fault}`)
      const source = sourceOfProduced(produced)
      if (isStream(produced)) {
        if (call === wanted) opened = produced
        else giveBack(produced)
      }
      return source
    },
    discard,
  }
}

async function ofStream(stream: Readable): Promise<Content> {
  const state = new StreamState(stream)
  if (stream.errored != null) throw stream.errored
  return {
    length: await lengthOf(stream),
    mayGrow: stream instanceof ReadStream,
    replayable: false,
    open: () => sourceOfStream(state),
    discard: () => giveBack(stream),
  }
}

/** What was announced for a request that is passed on, and what is left of a file. */
async function lengthOf(stream: Readable): Promise<number | undefined> {
  if (stream.readableDidRead) return undefined
  if (isMessage(stream)) {
    const announced = stream.headers['content-length'] ?? ''
    return /^\d+$/.test(announced) ? Number(announced) : undefined
  }
  // Streams of other packages have a `path`, too, which need not be that of a file.
  if (!(stream instanceof ReadStream) || typeof stream.path !== 'string') return undefined
  const { start, end } = stream as { readonly start?: unknown; readonly end?: unknown }
  const { size } = await sizeOf(stream.path).catch(() => ({ size: undefined }))
  if (size === undefined) return undefined
  const from = typeof start === 'number' ? start : 0
  return Math.max(0, Math.min(typeof end === 'number' ? end + 1 : size, size) - from)
}

/** Web streams and iterables. */
function once(body: Exclude<Produced, string>): Content {
  let source: Source | undefined
  return {
    length: undefined,
    replayable: false,
    open() {
      source = sourceOfProduced(body)
      return source
    },
    discard() {
      if (source === undefined) giveBack(body)
      else source.stop()
    },
  }
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
