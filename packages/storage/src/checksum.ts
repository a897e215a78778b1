// A checksum of what was stored, for the answer or a database.

import { createHash } from 'node:crypto'
import { ContentBody } from './content/content-body.js'
import type { Content } from './content/content-of.js'

export type ChecksumAlgorithm = 'sha256' | 'sha512'

export const CHECKSUMS: readonly ChecksumAlgorithm[] = ['sha256', 'sha512']

/** Counts and hashes what passes from now on. */
export class Measure {
  readonly #hash
  #bytes = 0

  constructor({ body }: Content, algorithm: ChecksumAlgorithm | undefined) {
    this.#hash = algorithm === undefined ? undefined : createHash(algorithm)
    const see = (chunk: Uint8Array): void => {
      this.#bytes += chunk.byteLength
      this.#hash?.update(chunk)
    }
    if (body instanceof ContentBody) body.tap(see)
    else throw new TypeError('The content has to come from contentOf() of this package.')
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Once only, at the end: hexadecimal digits. */
  checksum(): { readonly checksum?: string } {
    return this.#hash === undefined ? {} : { checksum: this.#hash.digest('hex') }
  }
}
