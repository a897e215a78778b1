// Content of unknown length, or longer than one object may be at once, in parts. Laws:
// - the upload is created before anything is read: a storage that refuses costs no content
// - two parts are held at most: one is sent, one is filled, and then content is not read
// - whatever fails, the upload is aborted, and no sooner than the part under way is over. No part is sent
//   then: one that comes behind the abort would stay

import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '@expectation/core'
import { Measure } from '../checksum.js'
import type { Content } from '../content/content-of.js'
import { putObject } from './put.js'
import { failed, mayPass } from './relay.js'
import type { Answer, Input } from './sdk.js'
import { type Destination, type StoredObject, storedAs, Transfer } from './transfer.js'

/** Of S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MOST_PARTS = 10_000
/** S3 may take minutes to put the parts of a large object together. */
const COMPLETE_MS = 10 * 60_000
/** How long a handler whose upload has failed waits for the abort, which goes on without it. */
const ABORT_GRACE_MS = 20

/** A storage that is too busy for a part may be for the abort, whatever the client's own `maxAttempts`. */
const ABORT_TRIES = 4
const ABORT_AGAIN_MS = 500

/** What every command of an upload has to say again. */
const ALIKE = [
  'ExpectedBucketOwner',
  'RequestPayer',
  'SSECustomerAlgorithm',
  'SSECustomerKey',
  'SSECustomerKeyMD5',
] as const

interface Part {
  readonly PartNumber: number
  readonly ETag: string | undefined
}

export async function uploadInParts(content: Content, to: Destination): Promise<StoredObject> {
  const transfer = new Transfer(content, to.idleTimeoutMs)
  const upload = new MultipartUpload(to, (error) => transfer.fail(error))
  // Whoever waits for the client learns of it, too.
  transfer.signal.addEventListener('abort', () => content.body.destroy())
  try {
    await transfer.whileItLasts(upload.create())
    const measure = new Measure(content, to.checksum)
    for await (const chunk of content.body) await transfer.whileItLasts(upload.add(chunk))
    transfer.signal.throwIfAborted()
    if (measure.bytes === 0) return await nothing(content, to, upload)
    return storedAs(to, await transfer.whileItLasts(upload.complete()), measure)
  } catch (error) {
    await upload.abort()
    throw transfer.signal.aborted ? transfer.signal.reason : error
  } finally {
    transfer.end()
  }
}

// An upload has at least one part, and not every storage takes an empty one.
async function nothing(
  content: Content,
  to: Destination,
  upload: MultipartUpload,
): Promise<StoredObject> {
  await upload.abort()
  return putObject(content, 0, to)
}

class MultipartUpload {
  readonly #to: Destination
  readonly #onFailure: (error: unknown) => void
  readonly #parts: Part[] = []
  #buffer: Buffer
  #spare: Buffer | undefined
  #filled = 0
  #id: string | undefined
  /** The command that is under way; settles without a rejection. */
  #underWay: Promise<unknown> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined
  /** The last command of an upload; never rejects. */
  #aborted: Promise<void> | undefined

  /** @param onFailure - Told when a part fails; nobody may be waiting for it. */
  constructor(to: Destination, onFailure: (error: unknown) => void) {
    this.#to = to
    this.#onFailure = onFailure
    // Not of the pool: it is large, and lives as long as the upload.
    this.#buffer = Buffer.allocUnsafeSlow(to.partBytes)
  }

  create(): Promise<void> {
    const { s3, input, idleTimeoutMs } = this.#to
    const created = s3
      .send('CreateMultipartUpload', { ...input, ...this.#object }, within(idleTimeoutMs))
      .then((answer) => {
        this.#id = answer.text('UploadId')
        if (this.#id === undefined) throw failed(new Error('The storage gave no UploadId.'))
      })
    return this.#follow(created)
  }

  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.byteLength; ) {
      const room = this.#buffer.length - this.#filled
      const piece = chunk.subarray(at, at + room)
      this.#buffer.set(piece, this.#filled)
      this.#filled += piece.byteLength
      at += piece.byteLength
      if (this.#filled === this.#buffer.length) await this.#sendPart()
    }
  }

  async complete(): Promise<Answer> {
    if (this.#filled > 0) await this.#sendPart()
    await this.#partBefore()
    const input = {
      ...this.#to.conditions,
      ...this.#object,
      UploadId: this.#id,
      MultipartUpload: { Parts: this.#parts },
    }
    const bound = within(Math.max(COMPLETE_MS, this.#to.idleTimeoutMs))
    return this.#follow(this.#to.s3.send('CompleteMultipartUpload', input, bound))
  }

  /** Resolves when it is done, or goes on without whoever waits. Never rejects. */
  async abort(): Promise<void> {
    this.#aborted ??= this.#underWay.then(() => this.#abortNow()).catch(() => undefined)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ABORT_GRACE_MS)
    })
    await Promise.race([this.#aborted, late])
    clearTimeout(timer)
  }

  async #abortNow(): Promise<void> {
    if (this.#id === undefined) return
    const input = { ...this.#object, UploadId: this.#id }
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#to.s3.send('AbortMultipartUpload', input, within(this.#to.idleTimeoutMs))
        return
      } catch (error) {
        if (tries === ABORT_TRIES || !mayPass(error)) return
        await pause(ABORT_AGAIN_MS * tries, undefined, { ref: false })
      }
    }
  }

  /** Resolves when the part is on its way, which is when the one before it has arrived. */
  async #sendPart(): Promise<void> {
    await this.#partBefore()
    const PartNumber = this.#parts.length + 1
    if (PartNumber > MOST_PARTS) throw new Refusal(413, { details: { limit: this.#most } })
    const full = this.#buffer
    const Body = full.subarray(0, this.#filled)
    this.#buffer = this.#spare ?? Buffer.allocUnsafeSlow(full.length)
    this.#spare = full
    this.#filled = 0
    // An upload that was created with an algorithm takes no part, and is not completed, without it.
    const { ChecksumAlgorithm } = this.#to.input
    const input = { ...this.#object, ChecksumAlgorithm, UploadId: this.#id, PartNumber, Body }
    const bound = within(this.#to.idleTimeoutMs)
    const sent = this.#follow(this.#to.s3.send('UploadPart', input, bound))
    const arrived = sent.then((answer) => {
      const checksum = checksumIn(answer, ChecksumAlgorithm)
      this.#parts.push({ PartNumber, ETag: answer.text('ETag'), ...checksum })
    })
    this.#underWay = arrived.catch((error: unknown) => {
      this.#failure = { error }
      this.#onFailure(error)
    })
  }

  async #partBefore(): Promise<void> {
    await this.#underWay
    if (this.#failure !== undefined) throw this.#failure.error
    // The transfer has ended meanwhile, and with another reason: nobody waits for this one.
    if (this.#aborted !== undefined) throw new Error('The upload has been aborted.')
  }

  get #most(): number {
    return this.#buffer.length * MOST_PARTS
  }

  get #object(): Input {
    const { bucket, key, input } = this.#to
    const shared = ALIKE.flatMap((name) => (name in input ? [[name, input[name]]] : []))
    return { ...Object.fromEntries(shared), Bucket: bucket, Key: key }
  }

  #follow<Value>(command: Promise<Value>): Promise<Value> {
    this.#underWay = command.catch(() => undefined)
    return command
  }
}

/** `ChecksumSHA256` or its like: S3 repeats what the SDK has computed, others take it without a word. */
function checksumIn(answer: Answer, algorithm: unknown): Readonly<Record<string, unknown>> {
  if (typeof algorithm !== 'string') return {}
  const field = `Checksum${algorithm}`
  const sent = answer.sent(`x-amz-checksum-${algorithm.toLowerCase()}`)
  return { [field]: answer.text(field) ?? sent }
}

// Not by the signal of the transfer: what is under way comes to its end, so that the abort finds it.
function within(ms: number): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.timeout(ms) }
}
