// What an `Expect` field asks for, by the grammar of RFC 9110 10.1.1 alone. Written for this suite and
// shared with no server: a fault would have to be made twice to stay unseen.

const tchar = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/
const qdtext = /^(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*"/
const space = /^[ \t]*/

class Reader {
  constructor(private rest: string) {}

  get done(): boolean {
    return this.rest === ''
  }

  take(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.rest)?.[0]
    if (found !== undefined) this.rest = this.rest.slice(found.length)
    return found
  }

  takeChar(char: string): boolean {
    if (!this.rest.startsWith(char)) return false
    this.rest = this.rest.slice(1)
    return true
  }
}

/** Is there a plain 100-continue in a list that is well formed? Lines are combined (RFC 9110 5.3). */
export function asksForContinue(lines: readonly string[]): boolean {
  const members = membersOf(lines.join(', '))
  return members?.some((member) => member.toLowerCase() === '100-continue') ?? false
}

/** The text of each member, or undefined when the field is no list of expectations. */
export function membersOf(value: string): readonly string[] | undefined {
  const reader = new Reader(value)
  const members: string[] = []
  for (;;) {
    reader.take(space)
    const member = takeMember(reader)
    if (member === undefined) return undefined
    if (member !== '') members.push(member)
    reader.take(space)
    if (reader.done) return members
    if (!reader.takeChar(',')) return undefined
  }
}

/** Empty for an empty element; undefined for what is no expectation. */
function takeMember(reader: Reader): string | undefined {
  const name = reader.take(tchar)
  if (name === undefined) return ''
  if (!reader.takeChar('=')) return name
  if (takeValue(reader) === undefined || !takeParameters(reader)) return undefined
  return `${name}=`
}

function takeValue(reader: Reader): string | undefined {
  return reader.takeChar('"') ? reader.take(qdtext) : reader.take(tchar)
}

function takeParameters(reader: Reader): boolean {
  for (;;) {
    const before = reader.take(space)
    if (!reader.takeChar(';')) {
      // Space that no parameter follows belongs to the list.
      return before !== undefined
    }
    reader.take(space)
    if (reader.take(tchar) === undefined) continue
    if (reader.takeChar('=') && takeValue(reader) === undefined) return false
  }
}
