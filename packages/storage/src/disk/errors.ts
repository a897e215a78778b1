// Errors of the file system, by their code.

import { Refusal } from '@expectation/core'
import { textOf } from '../field-of.js'
import { badName, noRoom } from '../refusals.js'

/** What the client should know, as a refusal; everything else stays what it is. */
export function shown(error: unknown): unknown {
  switch (textOf(error, 'code')) {
    case 'ENOSPC':
    case 'EDQUOT':
      return noRoom(error)
    case 'EFBIG':
      // Of this file system, or of this process, no file is so long: there is nothing to wait for.
      return new Refusal(413, { cause: error })
    case 'ENAMETOOLONG':
    case 'EILSEQ':
      return badName('The disk does not take this name.')
    default:
      return error
  }
}
