// The AWS SDK as an upload needs it, whatever the settings of the client that the application has. Laws:
// - no checksum is computed that the application did not ask for by `input`: not every storage knows them, and
//   of a multipart upload all commands have to agree. One that it asked for is computed as the content is read
// - an object is asked for first, however small: `Expect` is of the head alone, and is not signed

import { fieldOf, textOf } from '../field-of.js'
import { loadPeer } from '../peer.js'
import { withTrailer } from './trailer.js'

/** What is needed of an `S3Client` of `@aws-sdk/client-s3`, version 3. */
export interface S3Sender {
  readonly config?: object
  send(command: object, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>
}

type Sdk = typeof import('@aws-sdk/client-s3')
export type Input = Readonly<Record<string, unknown>>

export interface Sending {
  readonly signal?: AbortSignal
  /** Whether the storage is asked with `Expect: 100-continue`, and content is read after its 100. */
  readonly ask?: boolean
}

export type Operation =
  | 'PutObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'

/** Commands to one storage. */
export class S3 {
  readonly #sdk: Sdk
  readonly #client: S3Sender

  constructor(client: S3Sender) {
    this.#sdk = loadPeer('toS3', '@aws-sdk/client-s3', (): Sdk => require('@aws-sdk/client-s3'))
    this.#client = client
  }

  async send(operation: Operation, input: Input, sending: Sending = {}): Promise<Answer> {
    const command = this.#command(operation, input)
    if (sending.ask === true) ask(command)
    const sent = fieldsSent(command)
    const { signal } = sending
    const answer = await forUploads(this.#client).send(command, signal && { abortSignal: signal })
    return {
      text: (field) => textOf(answer, field) || undefined,
      sent: (field) => textOf(sent(), field) || undefined,
    }
  }

  #command(operation: Operation, input: Input): Command {
    // The shapes are S3's own, and what the application adds to them is for the SDK to check.
    const Command: unknown = this.#sdk[`${operation}Command`]
    if (typeof Command !== 'function') throw new TypeError(`The AWS SDK knows no ${operation}.`)
    return Reflect.construct(Command, [input])
  }
}

export interface Answer {
  /** A field of the answer that is text. */
  text(field: string): string | undefined
  /** A field of the request, in lower case. */
  sent(field: string): string | undefined
}

/** The same client with settings of an upload; the one that was given stays as it is. */
function forUploads(client: S3Sender): S3Sender {
  const { config } = client
  if (config === undefined) return client
  // A copy, with its accessors: the SDK makes copies of its own, which inherit nothing.
  const settings = Object.create(Object.getPrototypeOf(config), {
    ...Object.getOwnPropertyDescriptors(config),
    requestChecksumCalculation: { value: async () => 'WHEN_REQUIRED', enumerable: true },
    getAwsChunkedEncodingStream: { value: withTrailer, enumerable: true },
    // It would read ahead, too.
    requestStreamBufferSize: { value: false, enumerable: true },
    logger: { value: loggerOf(config), enumerable: true },
  })
  return Object.create(client, { config: { value: settings, enumerable: true } })
}

// Where the application has set none, the SDK tells the console of every stream that it cannot send twice.
function loggerOf(config: object): unknown {
  const logger = fieldOf(config, 'logger')
  return textOf(fieldOf(logger, 'constructor'), 'name') === 'NoOpLogger' ? SILENT : logger
}

const ignore = (): void => undefined
const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore }

type Command = InstanceType<Sdk['PutObjectCommand']>

function ask(command: Command): void {
  command.middlewareStack.add(
    (next) => async (given) => {
      const headers = fieldOf(given.request, 'headers')
      if (typeof headers === 'object' && headers !== null) {
        Reflect.set(headers, 'Expect', '100-continue')
      }
      return next(given)
    },
    { step: 'build', name: 'askBeforeContent', override: true },
  )
}

/** What the SDK has added of its own is known when the command has been sent. */
function fieldsSent(command: Command): () => unknown {
  let headers: unknown
  command.middlewareStack.add(
    (next) => (given) => {
      headers = fieldOf(given.request, 'headers')
      return next(given)
    },
    { step: 'finalizeRequest', name: 'noteFields', override: true },
  )
  return () => headers
}
