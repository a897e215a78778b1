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

export function exists(): Refusal {
  return refusal(412, 'Something is stored under this name already.')
}

/** Of `If-Match` and its like (RFC 9110 section 13.1), or of the application. */
export function unmet(cause?: unknown): Refusal {
  return refusal(
    412,
    'What is stored under this name does not meet the conditions of the request.',
    cause,
  )
}

/** Nothing replaces a directory. */
export function isDirectory(): Refusal {
  return new Refusal(409, { details: 'There is a directory of this name.' })
}

export function noRoom(cause?: unknown): Refusal {
  return refusal(507, 'There is no room for the content at the moment.', cause)
}

function refusal(status: 412 | 507, details: string, cause?: unknown): Refusal {
  return new Refusal(status, { details, ...(cause === undefined ? {} : { cause }) })
}
