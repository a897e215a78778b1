// A `GET` in the place of content that a refused upload owes. The framing makes it content (RFC 9112
// section 6), so nobody may answer it: a server that does can be made to disagree with one before it.

import type { Address } from '@expectation/conformance'
import type { Next } from '../facts/facts.js'
import { headText, type RequestHead, requestLine } from '../wire/head.js'
import type { Patience } from '../wire/patience.js'
import type { Seen } from '../wire/seen.js'
import { Wire } from '../wire/wire.js'

export async function exchangeDesync(
  to: Address,
  { upload, get }: { readonly upload: RequestHead; readonly get: RequestHead },
  patience: Patience,
  signal?: AbortSignal,
): Promise<Seen> {
  const begun = performance.now()
  const wire = await Wire.open(to, { connectMs: patience.connectMs, hearsOut: true, signal })
  try {
    wire.head(headText(upload), upload.method)
    const silent = !(await wire.verdict(patience.verdictMs))
    await wire.settled(patience.holdMs)
    const { final } = wire
    const interim = [...wire.interim]
    let next: Next | undefined
    if (final !== undefined) {
      wire.again()
      wire.head(headText(get), get.method)
      await wire.settled(patience.nextMs)
      next = wire.final !== undefined ? 'answered' : wire.open ? 'lost' : 'closed'
    }
    return {
      probe: 'desync',
      request: requestLine(upload),
      interim,
      silent,
      final,
      unfinished: false,
      malformed: undefined,
      failure: wire.failure,
      sentBytes: 0,
      spent: 'nothing',
      after: final === undefined ? 'cut' : 'kept',
      next,
      nextStatus: wire.final?.status,
      ms: Math.round(performance.now() - begun),
      transcript: wire.transcript.lines,
    }
  } finally {
    wire.destroy()
  }
}
