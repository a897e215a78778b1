// The table of a relay: what an upstream said, against what was spent.
import { nextStep, type Situation, type Step, type UpstreamEvent } from './next-step.js'

const policy = { retryOn: new Set([429, 503]), onSilence: 'send' } as const
const asked: Situation = {
  asking: true,
  clientAsks: true,
  repeatable: true,
  whole: false,
  idempotent: false,
  more: true,
  staleTries: 0,
}
const own: Situation = { ...asked, clientAsks: false }
const spent: Situation = { ...asked, asking: false, repeatable: false }
const kept: Situation = { ...asked, asking: false }
const last: Situation = { ...asked, more: false }
const got: Situation = { ...asked, asking: false, whole: true, idempotent: true }
const posted: Situation = { ...got, idempotent: false }

const ok: UpstreamEvent = { kind: 'answer', status: 200 }
const busy: UpstreamEvent = { kind: 'answer', status: 503 }
const broken: UpstreamEvent = { kind: 'broken' }
const stale: UpstreamEvent = { kind: 'stale' }
const untouched: UpstreamEvent = { kind: 'untouched' }
const down: UpstreamEvent = { kind: 'unreachable' }

const rows: readonly (readonly [string, UpstreamEvent, Situation, Step])[] = [
  ['100: the content goes', { kind: 'continue' }, asked, 'send'],
  ['silence: the content goes', { kind: 'silent' }, asked, 'send'],
  ['503, asked: the next one', busy, asked, 'next'],
  ['503, asked, no other: relayed', busy, last, 'relay'],
  ['503, content read: relayed', busy, spent, 'relay'],
  ['503, content kept: the next one', busy, kept, 'next'],
  ['503 to a GET: the next one', busy, got, 'next'],
  ['503 to a POST that the upstream has whole: relayed', busy, posted, 'relay'],
  ['401, asked: relayed', { kind: 'answer', status: 401 }, asked, 'relay'],
  ['200, asked: relayed', { kind: 'answer', status: 200 }, asked, 'relay'],
  [
    '200, asked for a client that did not: relayed, and the content goes',
    ok,
    own,
    'relay-and-send',
  ],
  ['404, asked for a client that did not: relayed', { kind: 'answer', status: 404 }, own, 'relay'],
  ['417, asked: the same without asking', { kind: 'answer', status: 417 }, asked, 'again-unasked'],
  ['417, not asked: relayed', { kind: 'answer', status: 417 }, kept, 'relay'],
  ['broken before the verdict: the next one', broken, asked, 'next'],
  ['broken right after its 100, nothing read: the next one', broken, kept, 'next'],
  ['broken, content read: 502', broken, spent, 'refuse-failed'],
  ['broken, no other: 502', broken, last, 'refuse-failed'],
  ['broken under a GET: the next one', broken, got, 'next'],
  ['broken under a whole POST: 502', broken, posted, 'refuse-failed'],
  ['unreachable: the next one', down, asked, 'next'],
  ['unreachable for a POST without content: the next one, as it got nothing', down, posted, 'next'],
  ['unreachable, no other: 502', down, last, 'refuse-unreachable'],
  ['stale: the same again', stale, last, 'again'],
  ['stale too often: the next one', stale, { ...asked, staleTries: 2 }, 'next'],
  ['stale too often, no other: 502', stale, { ...last, staleTries: 2 }, 'refuse-failed'],
  ['stale under a whole POST: 502', stale, posted, 'refuse-failed'],
  ['stale, content read: 502', stale, spent, 'refuse-failed'],
  ['untouched, a whole POST: the same again', untouched, posted, 'again'],
  ['untouched too often: the next one', untouched, { ...posted, staleTries: 2 }, 'next'],
  ['untouched, content read: 502', untouched, spent, 'refuse-failed'],
  ['no answer in time: 504', { kind: 'late' }, got, 'refuse-late'],
  ['a head that cannot be carried: 400', { kind: 'unsendable' }, asked, 'refuse-head'],
]

test.each(rows)('%s', (_title, event, situation, step) => {
  expect(nextStep(event, situation, policy)).toBe(step)
})

test('silence with `next`: the next one, or 504 when there is none', () => {
  const next = { ...policy, onSilence: 'next' } as const
  expect(nextStep({ kind: 'silent' }, asked, next)).toBe('next')
  expect(nextStep({ kind: 'silent' }, last, next)).toBe('refuse-late')
})

test('silence with `refuse`: 504, whoever else there is', () => {
  const refuse = { ...policy, onSilence: 'refuse' } as const
  expect(nextStep({ kind: 'silent' }, asked, refuse)).toBe('refuse-late')
})

test('whatever happens, content that was read and is not kept goes to nobody else', () => {
  const events: UpstreamEvent[] = [busy, broken, stale, down, { kind: 'late' }]
  for (const event of events) {
    for (const whole of [true, false]) {
      for (const idempotent of [true, false]) {
        const step = nextStep(event, { ...spent, whole, idempotent }, policy)
        expect(['next', 'again', 'again-unasked']).not.toContain(step)
      }
    }
  }
})
