// Whose upload it is, from what the application's function answers. Tenants come from clients more
// often than not: they are kept short, and never in a form that a key or a claim could be broken by.

import { createHash } from 'node:crypto'
import { OptionError } from '@expectation/core'

/** Nobody in particular. */
export const NOBODY = ''

// '#' marks what is hashed, so that no tenant can call itself by another's hash.
const SHORT = /^(?!#)[\x21-\x7e]{1,64}$/

/**
 * @returns A name of at most 64 printable characters.
 * @throws {@link OptionError} for an answer that is neither a non-empty string nor `undefined`: a
 * tenant that is not known would otherwise be one without limits.
 */
export function tenantName(answer: unknown): string {
  if (answer === undefined) return NOBODY
  if (typeof answer !== 'string' || answer === '') {
    throw new OptionError({
      option: 'The answer of tenant',
      received: answer,
      remedy: 'Return a non-empty string, or undefined for nobody in particular.',
    })
  }
  if (SHORT.test(answer)) return answer
  // By its code units: in UTF-8 all lone surrogates are one character, and their tenants would be one.
  return `#${createHash('sha256').update(answer, 'utf16le').digest('base64url')}`
}
