// What the command makes of its words, and the sentences it answers mistakes with.
import { RoutesError, readRoutes } from '../run/routes.js'
import { readAddress } from '../wire/address.js'
import { readCommand, UsageError } from './arguments.js'

const url = 'http://127.0.0.1:8080'

test('a server and roles by flags', () => {
  const command = readCommand([
    url,
    '--hello',
    'GET /',
    '--limit',
    'POST /up 1000',
    '--level',
    'must',
  ])
  expect(command).toMatchObject({
    do: 'run',
    url,
    levels: ['MUST'],
    http1: true,
    http2: false,
    routes: { hello: { method: 'GET', target: '/' }, limit: { bytes: 1000 } },
  })
})

test('generated exchanges with a seed', () => {
  expect(readCommand([url, '--generate', '50', '--seed', '3'])).toMatchObject({
    do: 'generate',
    exchanges: 50,
    seed: 3,
  })
})

const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no server', [], /Which server\?/],
  ['two servers', [url, url], /One server at a time/],
  ['an unknown flag', [url, '--route', 'x'], /Unknown option '--route' \(--help\)$/],
  ['a flag without its value', [url, '--level'], /Option '--level' needs a value \(--help\)$/],
  ['a flag as a value', [url, '--reads', '--json'], /Option '--reads' needs a value \(--help\)$/],
  ['a value of a switch', [url, '--json=1'], /Option '--json' does not take an argument/],
  [
    'a number that is too small',
    [url, '--generate', '0'],
    /--generate is a whole number from 1 to/,
  ],
  ['no cases at a time', [url, '--concurrency', '0'], /--concurrency is a whole number from 1 to/],
  ['a seed of nothing', [url, '--seed', '1'], /--seed has no effect without --generate/],
  ['a list for programs', ['--list', '--json'], /--json has no effect beside --list/],
  ...['only', 'level', 'protocol', 'concurrency', 'junit'].map(
    (flag) =>
      [
        `--${flag} beside --generate`,
        [url, '--generate', '9', `--${flag}`, '2'],
        new RegExp(`^--${flag} has no effect beside --generate`),
      ] as const,
  ),
  ['an unknown level', [url, '--level', 'may'], /--level is must, should or hardening/],
  ['an unknown protocol', [url, '--protocol', '3'], /--protocol is 1.1, 2 or both/],
  ['a number that is none', [url, '--generate', 'many'], /--generate is a whole number/],
]
for (const [shown, args, message] of mistakes) {
  test(`${shown} is told`, () => {
    expect(() => readCommand(args)).toThrow(UsageError)
    expect(() => readCommand(args)).toThrow(message)
  })
}

test('a seed that the command makes can be given to it again', () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue(2 ** 31 - 1)
  try {
    const made = readCommand([url, '--generate', '9'])
    const seed = made.do === 'generate' ? String(made.seed) : ''
    expect(readCommand([url, '--generate', '9', '--seed', seed])).toMatchObject({
      seed: Number(seed),
    })
  } finally {
    now.mockRestore()
  }
})

const route = { method: 'POST', target: '/up' }
const wrongRoutes: readonly (readonly [string, object, RegExp])[] = [
  ['bytes that are none', { limit: { ...route, bytes: -5 } }, /^limit: "bytes" is -5, not a whole/],
  ['bytes without an end', { limit: 'POST /up 99999999999' }, /is 99999999999, .* 1 to 16777216/],
  ['no bytes at all', { limit: 'POST /up 0' }, /"bytes" is 0/],
  ['a part of a byte', { limit: { ...route, bytes: 1.5 } }, /"bytes" is 1.5/],
  ['bytes as text', { limit: { ...route, bytes: '10' } }, /"bytes" is "10"/],
  ['bytes of another role', { reads: 'POST /up 10' }, /^reads: "bytes" \(10\) belongs to "limit"/],
  ['headers', { hello: { ...route, headers: {} } }, /"headers" is no part of a route.*fields/],
  ['a method of two words', { hello: { ...route, method: 'GET /x' } }, /is not a route/],
  ['a target of two lines', { hello: { ...route, target: '/x\r\nA: b' } }, /is not a route/],
  [
    'a second Host',
    { hello: { ...route, fields: { Host: 'x' } } },
    /"Host" is written by the suite/,
  ],
  ['a field of two lines', { hello: { ...route, fields: { A: 'b\r\nC: d' } } }, /"A" is no field/],
]
test.each(wrongRoutes)('routes with %s are told', (_what, routes, message) => {
  expect(() => readRoutes(routes)).toThrow(RoutesError)
  expect(() => readRoutes(routes)).toThrow(message)
})

test.each(['/base', '/?q=1', '/#f'])('a URL with %s is told, and not cut', (more) => {
  expect(() => readAddress(`${url}${more}`)).toThrow(/ends behind its port: write http:\/\/127/)
})

test('credentials of a URL are told, and not shown', () => {
  expect(() => readAddress('http://user:secret@127.0.0.1:8080')).toThrow(
    /^(?!.*secret).*credentials in the "fields"/,
  )
})

test('wrong routes are told', () => {
  expect(() => readCommand([url, '--reads', 'upload'])).toThrow(RoutesError)
  expect(() => readCommand([url, '--limit', 'POST /up'])).toThrow(/needs "bytes"/)
  expect(() => readCommand([url, '--routes', '/nowhere.json'])).toThrow(/cannot be read/)
})
