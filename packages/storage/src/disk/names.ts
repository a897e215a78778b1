// Names that come from clients: one file directly in the directory, never another one, and never one of
// the temporary names.

import { randomUUID } from 'node:crypto'
import { badName } from '../refusals.js'

/** What most file systems take, in bytes of UTF-8. */
const LONGEST_NAME = 255
const PART = /^\.upload-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/

/** @throws `Refusal` 400 `bad_file_name`. */
export function checkName(name: unknown): string {
  if (typeof name !== 'string' || !isOneFile(name)) {
    throw badName(
      'A name has 1 to 255 bytes, does not begin with a dot, and has no slash, backslash or control character in it.',
    )
  }
  return name
}

function isOneFile(name: string): boolean {
  if (name === '' || name.startsWith('.') || Buffer.byteLength(name) > LONGEST_NAME) return false
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at)
    if (code < 32 || code === 127 || name[at] === '/' || name[at] === '\\') return false
  }
  // A lone surrogate would become another name on its way to the disk.
  return !/\p{Surrogate}/u.test(name)
}

export function partName(): string {
  return `.upload-${randomUUID()}.part`
}

export function isPartName(name: string): boolean {
  return PART.test(name)
}
