// What the command makes of its words, and the sentences it answers mistakes with.
import { RoutesError } from '../run/routes.js'
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
  ['an unknown flag', [url, '--route', 'x'], /Unknown option '--route'/],
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

test('wrong routes are told', () => {
  expect(() => readCommand([url, '--reads', 'upload'])).toThrow(RoutesError)
  expect(() => readCommand([url, '--limit', 'POST /up'])).toThrow(/needs "bytes"/)
  expect(() => readCommand([url, '--routes', '/nowhere.json'])).toThrow(/cannot be read/)
})
