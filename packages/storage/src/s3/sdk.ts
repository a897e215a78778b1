// The AWS SDK as an upload needs it, whatever the settings of the client that the application has. Laws:
// - no checksum is computed of a stream: the SDK would read all of it before the storage has said yes, and
//   its stream has no listener for errors
// - an object is asked for first, however small: `Expect` is of the head alone, and is not signed

import { fieldOf, textOf } from '../field-of.js'
import { loadPeer } from '../peer.js'

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

  /** The fields of the answer that are text. */
  async send(operation: Operation, input: Input, sending: Sending = {}): Promise<Answer> {
    const command = this.#command(operation, input)
    if (sending.ask === true) ask(command)
    const { signal } = sending
    const answer = await withoutChecksums(this.#client).send(
      command,
      signal && { abortSignal: signal },
    )
    return { text: (field) => textOf(answer, field) || undefined }
  }

  #command(operation: Operation, input: Input): InstanceType<Sdk['PutObjectCommand']> {
    // The shapes are S3's own, and what the application adds to them is for the SDK to check.
    const Command: unknown = this.#sdk[`${operation}Command`]
    if (typeof Command !== 'function') throw new TypeError(`The AWS SDK knows no ${operation}.`)
    return Reflect.construct(Command, [input])
  }
}

export interface Answer {
  text(field: string): string | undefined
}

/** The same client with one setting more; the one that was given stays as it is. */
function withoutChecksums(client: S3Sender): S3Sender {
  const { config } = client
  if (config === undefined) return client
  // A copy, with its accessors: the SDK makes copies of its own, which inherit nothing.
  const settings = Object.create(Object.getPrototypeOf(config), {
    ...Object.getOwnPropertyDescriptors(config),
    requestChecksumCalculation: { value: async () => 'WHEN_REQUIRED', enumerable: true },
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

function ask(command: InstanceType<Sdk['PutObjectCommand']>): void {
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
