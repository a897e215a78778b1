// Content into an S3 bucket, by the client that the application has.

import { constants } from 'node:buffer'
import {
  OptionError,
  Refusal,
  readBoolean,
  readChoice,
  readMilliseconds,
  readSize,
  rejectUnknownNames,
} from '@expectation/core'
import { CHECKSUMS, type ChecksumAlgorithm } from '../checksum.js'
import type { Content } from '../content/content-of.js'
import type { UploadRequest } from '../content/upload-messages.js'
import { fieldsOf, holdsFields } from '../field-of.js'
import { badName } from '../refusals.js'
import { type Named, nameFor, type Store, storing } from '../store.js'
import { conditionsOf } from './conditions.js'
import { MOST_PARTS, uploadInParts } from './multipart.js'
import { putObject } from './put.js'
import { relayed } from './relay.js'
import { type Input, S3, type S3Sender } from './sdk.js'
import type { Destination, StoredObject } from './transfer.js'

export interface ToS3Options<Request extends UploadRequest = UploadRequest> {
  /** An `S3Client` of `@aws-sdk/client-s3`. Its settings stay as they are. */
  readonly client: S3Sender
  readonly bucket: string
  /** Of the object, or what finds it for a request. It may come from the client. */
  readonly key: Named<Request>
  /**
   * What PutObject and CreateMultipartUpload get beside: `ContentType`, `Metadata`, … `IfMatch` and
   * `IfNoneMatch` hold beside those of the client, for an upload in parts when it is completed.
   * `ChecksumAlgorithm` has a checksum computed as the content passes, which Object Lock needs, and which
   * follows the content; without it there is none, whatever the client's `requestChecksumCalculation`.
   * Default: nothing.
   */
  readonly input?: Input | ((request: Request) => Input | Promise<Input>) | undefined
  /**
   * Whether an object of the same key is replaced. Default: true, as in S3; false needs a storage that
   * knows `If-None-Match`. A request with `If-None-Match: *` replaces nothing either way, and one with
   * `If-Match` only that object: the storage is told, and has to know the field. `If-Unmodified-Since` is
   * not looked at, as S3 does not know it of uploads.
   */
  readonly replace?: boolean | undefined
  /**
   * Size of a part of content of unknown length, or of more than 5 GiB: from 5 MiB to 2047 MiB, as the
   * SDK signs a part at once and Node hashes less than 2 GiB. Such an upload takes the memory of two
   * parts, and has 10 000 parts at most: what is longer is 413, from the head where it tells. Default:
   * `'8mb'`, which are 78 GiB.
   */
  readonly partSize?: number | string | undefined
  /**
   * Milliseconds within which the storage has to take content or to answer, and to take one part.
   * Default: 60 000.
   */
  readonly idleTimeoutMs?: number | undefined
  /** Computed as the content passes, and part of what is given back. Default: none. */
  readonly checksum?: ChecksumAlgorithm | undefined
}

const OPTION_NAMES = [
  'client',
  'bucket',
  'key',
  'input',
  'replace',
  'partSize',
  'idleTimeoutMs',
  'checksum',
] as const
const MEGABYTE = 1024 * 1024
const LEAST_PART = 5 * MEGABYTE
/** The SDK signs a part by a hash of all of it, and Node's `hash.update` takes no more at once. */
const MOST_PART = Math.min(2 ** 31 - 1, constants.MAX_LENGTH)
/** The largest object that one request may carry. */
const MOST_AT_ONCE = 5 * 1024 * MEGABYTE
const LONGEST_KEY = 1024

/**
 * Stores uploads as objects of a bucket. The storage is asked before the client: content is read when it
 * has said yes, and what it refuses has cost no content. Of known length up to 5 GiB it is one PutObject
 * with `Expect: 100-continue`; else a multipart upload, created before anything is read, and aborted
 * when anything fails.
 *
 * Refuses with 502 `storage_refused` (401, 403, 404 … of the storage), `upstream_unreachable` and
 * `upstream_failed`, 503 with the storage's `Retry-After`, 504 `upstream_timeout`, 412, 413, 507, and 400
 * `digest_mismatch` and `upload_cut_off`.
 *
 * @throws `OptionError` for wrong options, `Refusal` 400 `bad_file_name` for a key that cannot be used,
 * `MissingPeerError` when `@aws-sdk/client-s3` is not installed.
 *
 * @example
 * const save = toS3({ client: new S3Client({}), bucket: 'uploads', key: (req: Request) => String(req.params.name) })
 * app.put('/files/:name', async (req, res) => res.status(201).json(await save(req, res)))
 */
export function toS3<Request extends UploadRequest = UploadRequest>(
  options: ToS3Options<Request>,
): Store<Request, StoredObject> {
  rejectUnknownNames('toS3', options, OPTION_NAMES)
  const { client, bucket, key, input = {} } = options
  if (typeof client?.send !== 'function') {
    throw fault('client', client, 'Give an S3Client of @aws-sdk/client-s3.')
  }
  if (typeof bucket !== 'string' || bucket === '') {
    throw fault('bucket', bucket, 'Give the name of the bucket.')
  }
  if (typeof key === 'string') checkedKey(key)
  else if (typeof key !== 'function') {
    throw fault('key', key, 'Give the key of an object, or a function that finds it for a request.')
  }
  if (typeof input !== 'function') checkedInput(input)
  const partBytes = readSize('toS3.partSize', options.partSize) ?? 8 * MEGABYTE
  if (partBytes < LEAST_PART || partBytes > MOST_PART) {
    const most = Math.floor(MOST_PART / MEGABYTE)
    throw fault('partSize', options.partSize, `Give a size from 5mb to ${most}mb.`)
  }
  const replace = readBoolean('toS3.replace', options.replace) ?? true
  const settings = {
    s3: new S3(client),
    bucket,
    partBytes,
    idleTimeoutMs: readMilliseconds('toS3.idleTimeoutMs', options.idleTimeoutMs, 1) ?? 60_000,
    checksum: readChoice('toS3.checksum', options.checksum, CHECKSUMS),
  }

  return storing('toS3', async (content) => {
    const { request } = content
    const named = checkedKey(await nameFor(key, request))
    const given = checkedInput(typeof input === 'function' ? await input(request) : input)
    const { IfMatch, IfNoneMatch, ...added } = fieldsOf(given)
    const conditions = conditionsOf(request, { IfMatch, IfNoneMatch }, replace)
    const destination = { ...settings, key: named, input: added, conditions }
    try {
      return await upload(content, destination)
    } catch (error) {
      throw relayed(error)
    }
  })
}

function upload(content: Content, to: Destination): Promise<StoredObject> {
  const { length } = content
  if (length !== undefined && length <= MOST_AT_ONCE) return putObject(content, length, to)
  const limit = to.partBytes * MOST_PARTS
  // Larger parts would hold it, in memory whose size the client names.
  if (length !== undefined && length > limit) {
    throw new Refusal(413, { details: { limit, declared: length } })
  }
  return uploadInParts(content, to)
}

function isKey(key: unknown): key is string {
  if (typeof key !== 'string' || key === '' || Buffer.byteLength(key) > LONGEST_KEY) return false
  // In a path these are other places, of another bucket even (RFC 3986 section 5.2.4); and a lone surrogate
  // is no character.
  return !/(?:^|\/)\.\.?(?:\/|$)|\p{Surrogate}/u.test(key)
}

function checkedKey(key: unknown): string {
  if (isKey(key)) return key
  throw badName(`A key has 1 to ${LONGEST_KEY} bytes, and no part between slashes is . or ..`)
}

// What holds no fields would be left out without a word, an encryption that was asked for included.
function checkedInput(input: unknown): object {
  if (holdsFields(input)) return input
  throw fault('input', input, 'Give fields of PutObject, such as { ContentType }, or a function.')
}

function fault(option: string, received: unknown, remedy: string): OptionError {
  return new OptionError({ option: `toS3.${option}`, received, remedy })
}
