// The Expect field by its grammar (RFC 9110 section 10.1.1, R1), never by likeness:
//   Expect = #expectation
//   expectation = token [ "=" ( token / quoted-string ) parameters ]
// What the grammar does not allow is malformed as a whole and never leads to a 100.

import { Scanner } from './scanner.js'

/** A parameter of an extension expectation: `;name=value`. */
export interface ExpectationParameter {
  /** In lower case: parameter names are case-insensitive (RFC 9110 section 5.6.6). */
  readonly name: string
  /** Without quotes and escapes; in the case that was sent. */
  readonly value: string
}

/** One element of the `Expect` list. */
export interface ExpectationMember {
  /** In lower case: the field value is case-insensitive (R2). */
  readonly name: string
  /** What follows `=`, without quotes and escapes; absent when there is no `=`. */
  readonly value?: string
  readonly parameters: readonly ExpectationParameter[]
}

/**
 * What the `Expect` field of a request asks for.
 *
 * - `none`: no field, or an empty list;
 * - `continue`: `100-continue` and nothing else, once or repeated;
 * - `unsupported`: well-formed, with other `members`; `withContinue` tells whether a plain
 *   `100-continue` stands beside them. A `100-continue` with a value is such a member (R3);
 * - `malformed`: outside the grammar, or more than 32 members and parameters.
 */
export type Expectation =
  | { readonly kind: 'none' }
  | { readonly kind: 'continue' }
  | {
      readonly kind: 'unsupported'
      readonly members: readonly ExpectationMember[]
      readonly withContinue: boolean
    }
  | { readonly kind: 'malformed' }

const NONE: Expectation = Object.freeze({ kind: 'none' })
const CONTINUE: Expectation = Object.freeze({ kind: 'continue' })
const MALFORMED: Expectation = Object.freeze({ kind: 'malformed' })
const CONTINUE_NAME = '100-continue'

/**
 * Members and parameters together. A longer list is no expectation that anybody means, and it is kept
 * for as long as the exchange: 15 kB of it would be 600 kB of heap.
 */
const MOST_ITEMS = 32

/**
 * Reads the value of an `Expect` field. Never throws; linear in the length of the value.
 *
 * @param field - The field value; an array when it came on several lines, which combine with
 * commas into one list (RFC 9110 section 5.3).
 */
export function parseExpect(field: string | readonly string[] | undefined): Expectation {
  if (field === undefined) return NONE
  // What nearly every client sends: no scanner needed.
  if (field === CONTINUE_NAME) return CONTINUE
  const all = readList(new Scanner(typeof field === 'string' ? field : field.join(', ')))
  if (all === undefined) return MALFORMED
  if (all.length === 0) return NONE
  const members = all.filter((member) => !isPlainContinue(member))
  if (members.length === 0) return CONTINUE
  return { kind: 'unsupported', members, withContinue: members.length < all.length }
}

function isPlainContinue(member: ExpectationMember): boolean {
  return member.name === CONTINUE_NAME && member.value === undefined
}

// Empty elements are legal and mean nothing (RFC 9110 section 5.6.1.2).
function readList(scanner: Scanner): ExpectationMember[] | undefined {
  const members: ExpectationMember[] = []
  let items = 0
  for (;;) {
    scanner.skipSpace()
    if (scanner.done) return members
    if (scanner.accept(',')) continue
    const member = readMember(scanner)
    if (member === undefined) return undefined
    items += 1 + member.parameters.length
    if (items > MOST_ITEMS) return undefined
    members.push(member)
    scanner.skipSpace()
    if (!scanner.done && !scanner.accept(',')) return undefined
  }
}

function readMember(scanner: Scanner): ExpectationMember | undefined {
  const name = scanner.token()?.toLowerCase()
  if (name === undefined) return undefined
  // Parameters only follow a value: `100-continue;q=1` is not in the grammar.
  if (!scanner.accept('=')) return { name, parameters: [] }
  const value = readValue(scanner)
  if (value === undefined) return undefined
  const parameters = readParameters(scanner)
  return parameters === undefined ? undefined : { name, value, parameters }
}

// parameters = *( OWS ";" OWS [ parameter ] ), so `foo=1;;` is legal (RFC 9110 section 5.6.6).
function readParameters(scanner: Scanner): ExpectationParameter[] | undefined {
  const parameters: ExpectationParameter[] = []
  for (;;) {
    scanner.skipSpace()
    if (!scanner.accept(';')) return parameters
    scanner.skipSpace()
    const name = scanner.token()?.toLowerCase()
    if (name === undefined) continue
    const value = scanner.accept('=') ? readValue(scanner) : undefined
    if (value === undefined) return undefined
    parameters.push({ name, value })
  }
}

function readValue(scanner: Scanner): string | undefined {
  return scanner.token() ?? scanner.quotedString()
}
