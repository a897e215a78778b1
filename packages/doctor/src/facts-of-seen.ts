// From what was seen to facts: pure, and the only place where the two meet.

import type { Ending, Facts, FactValue, Next, ProbeName } from './facts/facts.js'
import { type Software, saysOurReason, softwareIn } from './facts/software.js'
import type { Secure } from './probes/secure.js'
import type { Seen } from './wire/seen.js'

type Collected = Record<string, FactValue>

export function factsOf(all: readonly Seen[], contentBytes: number, secure?: Secure): Facts {
  const facts: Collected = { 'content.bytes': contentBytes }
  for (const seen of all) Object.assign(facts, ofProbe(seen))
  Object.assign(facts, ofNext(all), ofChange(all), ofLimits(all), ofLocation(all), ofStored(all))
  const asked = all.filter(({ probe }) => probe === 'asked' || probe === 'accepts')
  if (asked.length > 0) facts['continues.most'] = Math.max(...asked.map(continuesOf))
  const malformed = all.find((seen) => seen.malformed !== undefined)
  if (malformed?.malformed !== undefined) {
    facts['answers.malformed'] = true
    facts['answers.why'] = malformed.malformed
  }
  Object.assign(facts, ofConnections(all))
  if (secure !== undefined) Object.assign(facts, ofTls(secure))
  return facts
}

export function softwareOf(all: readonly Seen[]): readonly Software[] {
  const found = all.flatMap(({ final }) => (final === undefined ? [] : softwareIn(final)))
  return [...new Set(found)]
}

export function endingOf({ final, malformed }: Seen): Ending {
  if (final === undefined) return malformed === undefined ? 'none' : 'malformed'
  if (final.status < 300) return 'accepted'
  return final.status < 400 ? 'redirected' : 'refused'
}

/** How the uploads that nobody should take are told apart, as the end of "an upload …". */
const UPLOADS: Readonly<Partial<Record<ProbeName, string>>> = {
  asked: 'with Expect',
  plain: 'without Expect',
  blind: 'without Expect, written at once,',
  unknown: 'with an expectation that nobody knows',
  loose: 'with Expect: y 100-continue',
  http10: 'over HTTP/1.0',
  huge: 'of 100 TB',
  http2: 'over HTTP/2',
  desync: 'with Expect',
}

/** An upload was taken that nobody should take. */
export function isStored(seen: Seen): boolean {
  return UPLOADS[seen.probe] !== undefined && endingOf(seen) === 'accepted'
}

function continuesOf({ interim }: Seen): number {
  return interim.filter((status) => status === 100).length
}

function ofProbe(seen: Seen): Collected {
  const { probe, final, next } = seen
  // What was never asked says nothing about uploads.
  if (seen.unconnected !== undefined) return {}
  return {
    [`${probe}.ending`]: endingOf(seen),
    [`${probe}.continues`]: continuesOf(seen),
    [`${probe}.interim`]: seen.interim.length,
    [`${probe}.silent`]: seen.silent,
    [`${probe}.spent`]: seen.spent,
    [`${probe}.sentBytes`]: seen.sentBytes,
    [`${probe}.after`]: seen.after,
    ...(next === undefined ? {} : { [`${probe}.next`]: next }),
    ...(seen.nextStatus === undefined ? {} : { [`${probe}.nextStatus`]: seen.nextStatus }),
    ...(final === undefined
      ? {}
      : {
          [`${probe}.status`]: final.status,
          [`${probe}.words`]: saysOurReason(final) ? 'expectation' : 'other',
        }),
  }
}

const WORST: readonly Next[] = ['lost', 'closed', 'answered']

function ofNext(all: readonly Seen[]): Collected {
  const asked = all.filter(({ next }) => next !== undefined)
  for (const worst of WORST) {
    const found = asked.filter(({ next }) => next === worst)
    // Refused from the head, and kept: what was announced is still to come (RFC 9112 section 6).
    const owing = found.find((seen) => seen.sentBytes === 0 && continuesOf(seen) === 0)
    const shown = owing ?? found[0]
    if (shown === undefined) continue
    const after = shown.final?.status ?? 0
    return { 'next.worst': worst, 'next.after': after, 'next.owes': owing !== undefined }
  }
  const looked = all.some(({ probe, final }) => probe === 'asked' && final !== undefined)
  return looked ? { 'next.worst': 'not kept' } : {}
}

/** What `Expect` alone has changed: one that asks, and one that nobody knows. */
function ofChange(all: readonly Seen[]): Collected {
  const statusOf = (name: ProbeName) => all.find(({ probe }) => probe === name)?.final?.status
  const asked = statusOf('asked')
  const plain = statusOf('plain')
  const unknown = statusOf('unknown')
  if (plain === undefined) return {}
  return {
    ...(asked === undefined
      ? {}
      : { 'expect.changes': changeTo(asked, plain, statusOf('http10')) }),
    ...(unknown === undefined ? {} : { 'unknown.ignored': unknown === plain }),
  }
}

function changeTo(asked: number, plain: number, http10 = asked): string {
  if (asked === plain) return 'nothing'
  if (asked === 403) return 'blocked'
  if (asked === 417) return 'declined'
  if (asked < 500 || plain >= 500) return 'status'
  // The same field over HTTP/1.0: what fails because of it fails there as well.
  return http10 >= 500 ? 'failed' : 'failed once'
}

const LIMITS = /^(?:upload-limit|accept-post|accept-patch|accept-put|accept-encoding)$/i

function ofLimits(all: readonly Seen[]): Collected {
  const fields = all.find(({ probe }) => probe === 'options')?.final?.fields
  if (fields === undefined) return {}
  const told = fields.filter(([name]) => LIMITS.test(name)).map(([name]) => name)
  return { 'limits.told': told.length > 0, 'limits.fields': told.join(', ') }
}

function ofLocation(all: readonly Seen[]): Collected {
  const fields = all.find(({ probe }) => probe === 'asked')?.final?.fields ?? []
  const location = fields.find(([name]) => name.toLowerCase() === 'location')?.[1]
  return location === undefined ? {} : { 'target.location': location }
}

function ofStored(all: readonly Seen[]): Collected {
  const stored = all.find(isStored)
  const upload = stored === undefined ? undefined : UPLOADS[stored.probe]
  if (stored?.final === undefined || upload === undefined) return {}
  return { 'target.accepted': stored.final.status, 'target.upload': upload }
}

function ofConnections(all: readonly Seen[]): Collected {
  const failed = all.filter(({ unconnected }) => unconnected !== undefined)
  const why = failed[0]?.unconnected
  if (why === undefined) return {}
  const names = failed.map(({ probe }) => probe)
  return {
    'connections.failed': failed.length,
    'connections.not': names.join(', '),
    'connections.why': why,
  }
}

function ofTls({ protocol, alpn, untrusted, daysLeft }: Secure): Collected {
  return {
    'tls.protocol': protocol,
    'tls.alpn': alpn,
    'tls.trusted': untrusted === undefined,
    ...(untrusted === undefined ? {} : { 'tls.untrusted': untrusted }),
    'tls.daysLeft': daysLeft,
  }
}
