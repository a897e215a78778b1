// What becomes of a connection, for every combination of facts: the rules as rows, first match counts.

import { describe, expect, it } from '@jest/globals'
import {
  DRAIN_BYTES,
  dispositionAtEnd,
  dispositionAtHead,
  type EndDispositionFacts,
  type HeadDispositionFacts,
} from './disposition.js'

const pending: HeadDispositionFacts = {
  closing: false,
  received: false,
  read: false,
  refuses: false,
  asks: false,
  remaining: DRAIN_BYTES + 1,
  challenge: false,
  maxBytes: 2 * DRAIN_BYTES,
}

describe('at the final head (R15, R25, RFC 9112 section 9.3)', () => {
  it.each<[string, Partial<HeadDispositionFacts>, string]>([
    ['all content has come', { received: true }, 'keep'],
    ['all content has come, after an expectation', { received: true, asks: true }, 'keep'],
    ['all content has come, and the connection closes', { received: true, closing: true }, 'close'],
    ['somebody reads the rest', { read: true }, 'keep'],
    ['somebody reads the rest of what is refused', { read: true, refuses: true }, 'close'],
    ['somebody reads, and the connection closes', { read: true, closing: true }, 'close'],
    ['a small rest', { remaining: DRAIN_BYTES }, 'drain'],
    ['no byte is left but the end', { remaining: 0 }, 'drain'],
    ['a small rest, of which nobody knows whether it comes', { remaining: 1, asks: true }, 'close'],
    ['one byte too much', {}, 'close'],
    ['a rest of unknown length', { remaining: undefined }, 'close'],
    ['a challenge to the connection', { challenge: true }, 'drain'],
    ['a challenge, asked', { challenge: true, asks: true }, 'drain'],
    ['a challenge, unknown length', { challenge: true, remaining: undefined }, 'drain'],
    ['a challenge, up to the bound', { challenge: true, remaining: 2 * DRAIN_BYTES }, 'drain'],
    ['a challenge, beyond it', { challenge: true, remaining: 2 * DRAIN_BYTES + 1 }, 'close'],
    ['a challenge on a closing connection', { challenge: true, closing: true }, 'close'],
  ])('%s', (_what, facts, disposition) => {
    expect(dispositionAtHead({ ...pending, ...facts })).toBe(disposition)
  })
})

const whole: EndDispositionFacts = {
  gone: false,
  closing: false,
  received: true,
  read: false,
  behind: false,
  last: false,
}

describe('at the end of the response (R28, RFC 9112 section 9.6)', () => {
  it.each<[string, Partial<EndDispositionFacts>, string]>([
    ['all content has come', {}, 'keep'],
    ['all content has come, close was said to a client that keeps', { closing: true }, 'linger'],
    ['the same, and more came behind it', { closing: true, behind: true }, 'linger'],
    ['the same, to a client that said it', { closing: true, last: true }, 'close'],
    ['and more came behind it nevertheless', { closing: true, last: true, behind: true }, 'linger'],
    ['unread, close was said', { received: false, closing: true }, 'linger'],
    ['unread, nothing was said', { received: false }, 'drain'],
    ['somebody reads', { received: false, read: true }, 'read'],
    ['somebody reads, close was said', { received: false, read: true, closing: true }, 'read'],
    ['the connection is gone', { gone: true, received: false, read: true }, 'cut'],
  ])('%s', (_what, facts, disposition) => {
    expect(dispositionAtEnd({ ...whole, ...facts })).toBe(disposition)
  })
})
