import { catalogue, type Outcome } from '@expectation/core'
import { boundedStatus, Labels } from './exchange-labels.js'

function outcome(changes: Partial<Outcome> = {}): Outcome {
  return {
    method: 'PUT',
    target: '/files/secret?token=1',
    protocol: '1.1',
    expectation: 'none',
    decision: 'pass',
    receivedBytes: 0,
    lingeredBytes: 0,
    continueSent: false,
    connection: 'kept',
    clientGone: false,
    durationMs: 1,
    ...changes,
  }
}

test('a thousand clients that make things up add a bounded number of values', () => {
  const labels = new Labels()
  const told = Array.from({ length: 1_000 }, (_, index) =>
    labels.ofExchange(
      outcome({
        method: `M${index}`,
        target: `/made/up/${index}`,
        route: `/users/${index}/files`,
        reason: `reason_${index}`,
        status: index,
      }),
    ),
  )
  const distinct = (name: 'method' | 'route' | 'reason' | 'status') =>
    new Set(told.map((each) => each[name])).size
  expect(distinct('method')).toBe(1)
  expect(distinct('route')).toBe(201)
  expect(distinct('reason')).toBe(51)
  expect(distinct('status')).toBe(501)
})

test('every reason of the catalogue is told by name, also when the room is used up', () => {
  const labels = new Labels()
  for (let index = 0; index < 100; index += 1) {
    labels.ofExchange(outcome({ reason: `reason_${index}` }))
  }
  for (const { reason } of catalogue) {
    expect(labels.ofExchange(outcome({ reason })).reason).toBe(reason)
  }
})

test('the target is never a label', () => {
  const told = new Labels().ofExchange(outcome())
  expect(JSON.stringify(told)).not.toContain('secret')
  expect(told.route).toBeUndefined()
})

test('a route that fails names none, and is warned of once', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const fail = (): never => {
    throw new Error('no')
  }
  const late = (): undefined => Promise.reject(new Error('late')) as unknown as undefined
  for (const labels of [new Labels(fail), new Labels(late)]) {
    for (let turn = 0; turn < 2; turn += 1) {
      expect(labels.ofExchange(outcome({ route: '/files' })).route).toBeUndefined()
    }
  }
  await new Promise(setImmediate)
  const code = { code: 'EXPECTATION_WRN_OBSERVER' }
  expect(warn.mock.calls).toEqual([
    ['route failed: Error: no', code],
    ['route failed: Error: late', code],
  ])
  warn.mockRestore()
})

test('methods are compared with their case (RFC 9110 section 9.1)', () => {
  const labels = new Labels()
  expect(labels.ofExchange(outcome({ method: 'PATCH' })).method).toBe('PATCH')
  expect(labels.ofExchange(outcome({ method: 'patch' })).method).toBe('_OTHER')
})

test('a status that is none', () => {
  expect([99, 100, 417, 599, 600, 200.5].map(boundedStatus)).toEqual([
    'other',
    100,
    417,
    599,
    'other',
    'other',
  ])
})
