// When routes decide: slowly, from the head, without reading; and that no 100 comes before a refusal.

import { asking, FIVE, head } from './bytes.js'
import type { Http1Case, Role } from './case.js'
import { immediate, timing } from './timing.js'

/** The reason of it all: the answer is known from the head, so no content is asked for. */
function refusedFromHead(role: Role, what: string): Http1Case {
  return timing(
    `refused-${role}`,
    'hardening',
    `${what}: no 100 before it, and no content awaited`,
    ['RFC 9110 10.1.1', 'expressjs/multer#344', 'koajs/koa#879'],
    [role],
    [
      {
        do: 'send',
        bytes: asking({
          to: role,
          length: role === 'limit' ? '{limit+1}' : 5,
          lines: role === 'typed' ? ['Content-Type: text/x-unwanted'] : [],
        }),
      },
      { do: 'final', status: ['error'] },
      { do: 'alive' },
    ],
  )
}

export const timingOfRoutes: readonly Http1Case[] = [
  timing(
    'slow-handler',
    'MUST',
    'a route that decides slowly still answers from the head',
    immediate,
    ['slow'],
    [
      { do: 'send', bytes: asking({ to: 'slow' }) },
      { do: 'asked', content: FIVE },
    ],
  ),
  timing(
    'slow-handler-content',
    'MUST',
    'content that comes while a route decides is not lost',
    ['RFC 9110 10.1.1'],
    ['slow'],
    [
      { do: 'send', bytes: asking({ to: 'slow' }) },
      { do: 'pause', ms: 30 },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE, interim: 'may' },
      { do: 'sound' },
    ],
  ),
  timing(
    'slow-refusal',
    'hardening',
    'a slow refusal comes without a 100',
    ['RFC 9110 10.1.1'],
    ['slowRefuses'],
    [
      { do: 'send', bytes: asking({ to: 'slowRefuses' }) },
      { do: 'final', status: ['4xx'] },
      { do: 'sound', rest: FIVE },
    ],
  ),
  timing(
    'none-after-final',
    'MUST',
    'no 100 after the final response, though content still comes',
    ['RFC 9110 15.2', 'golang/go#14030', 'aspnet/KestrelHttpServer#2102'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses' }) },
      { do: 'answered', status: ['4xx'], content: FIVE },
      { do: 'sound' },
    ],
  ),
  timing(
    'answered-from-head',
    'hardening',
    'a refusal known from the head is not held back for content, not even behind a 100',
    immediate,
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses' }) },
      { do: 'final', status: ['4xx'], interim: 'may' },
    ],
  ),
  timing(
    'answered-from-head-without-expect',
    'hardening',
    'without `Expect` a refusal is not held back for content either',
    ['RFC 9112 9.5', 'expressjs/body-parser#94'],
    ['refuses'],
    [
      { do: 'send', bytes: head({ to: 'refuses', length: 5 }) },
      { do: 'final', status: ['4xx'] },
    ],
  ),
  timing(
    'early-success',
    'hardening',
    'a route that answers 2xx without reading asks for no content',
    ['RFC 9110 10.1.1'],
    ['early'],
    [
      { do: 'send', bytes: asking({ to: 'early' }) },
      { do: 'final', status: ['2xx'] },
    ],
  ),
  refusedFromHead('refuses', 'a refusal by credentials'),
  refusedFromHead('limit', 'a refusal by declared length'),
  refusedFromHead('missing', 'an unknown route'),
  refusedFromHead('methods', 'a method that is not allowed'),
  refusedFromHead('typed', 'a refusal by media type'),
  refusedFromHead('throws', 'an error before reading'),
  refusedFromHead('busy', 'a refusal under load'),
]
