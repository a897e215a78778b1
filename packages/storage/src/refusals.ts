// The answers of this package. None of them repeats a word that a storage said: what led to it is the
// `cause`, which logs show and clients do not see.

import { Refusal } from '@expectation/core'

/** Nobody may be there to read it; it tells logs that this is no failure of the service. */
export function cutOff(cause?: unknown): Refusal {
  return new Refusal(400, {
    reason: 'upload_cut_off',
    details: 'The content ended before it was whole.',
    ...(cause === undefined ? {} : { cause }),
  })
}

export function digestMismatch(field: string): Refusal {
  return new Refusal(400, {
    reason: 'digest_mismatch',
    details: `The content is not the one that ${field} describes.`,
  })
}

export function badName(details: string): Refusal {
  return new Refusal(400, { reason: 'bad_file_name', details })
}

export function exists(cause?: unknown): Refusal {
  return new Refusal(412, {
    details: 'Something is stored under this name already.',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Nothing replaces a directory. */
export function isDirectory(): Refusal {
  return new Refusal(409, { details: 'There is a directory of this name.' })
}

export function noRoom(cause?: unknown): Refusal {
  return new Refusal(507, {
    details: 'There is no room for the content at the moment.',
    ...(cause === undefined ? {} : { cause }),
  })
}
