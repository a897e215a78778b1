// Which of a server's policies holds for a request, whatever its target is spelt like.

import { describe, expect, it } from '@jest/globals'
import { headOf } from '../head/testing/head-of.js'
import { readAnswerHeaders } from './answer-headers.js'
import type { PathPolicy } from './policies.js'
import { readPolicies } from './policies.js'
import { pathOf } from './request-path.js'

function picked(policies: readonly PathPolicy[], target: string, method = 'PUT'): number {
  return readPolicies(policies, {}).pick(headOf({}, { target, method }))
}

describe('the path of a target', () => {
  it.each([
    ['/files/a', '/files/a'],
    ['/files/a?b=/c', '/files/a'],
    ['/Files/A/', '/files/a'],
    ['//files//a', '/files/a'],
    ['/fil%65s/a', '/files/a'],
    ['/files%2Fa', '/files%2fa'],
    ['/x/%2e%2E/files/a', '/files/a'],
    ['/x/../files/./a', '/files/a'],
    ['/..', '/'],
    ['\\files\\a', '/files/a'],
    ['http://host:80/files/a?x#y', '/files/a'],
    ['*', '/*'],
    ['/files/%E0%A4%A', '/files/%e0%a4%a'],
    ['', '/'],
  ])('%s is %s', (target, path) => {
    expect(pathOf(target)).toBe(path)
  })
})

describe('a policy holds for each way to read a target', () => {
  it.each([
    ['/files/../x', 1],
    ['/files/%2e%2e/x', 1],
    ['/files/a/../../x', 1],
    ['/files\\..\\..\\x', 1],
    ['/files/..\\x', 1],
    ['/x/../files/a', 1],
    ['/x/./files', 0],
    ['/x/..files/a', 0],
  ])('%s', (target, index) => {
    expect(picked([{ path: '/files/*' }], target)).toBe(index)
  })
})

describe('policies', () => {
  const policies: readonly PathPolicy[] = [
    { path: '/files/:name', method: 'put' },
    { path: '/files/*', method: ['POST', 'PATCH'] },
    { path: /^\/v\d+\//g },
    { method: 'DELETE' },
  ]

  it.each([
    ['/files/a', 'PUT', 1],
    ['/files/a/b', 'PUT', 0],
    ['/files', 'PUT', 0],
    ['/files/a/b', 'POST', 2],
    ['/files', 'PATCH', 2],
    ['/filesystem', 'POST', 0],
    ['/v2/x', 'PUT', 3],
    ['/v2/x', 'PUT', 3],
    ['/anything', 'DELETE', 4],
    ['/', 'PUT', 0],
  ])('%s by %s is policy %i', (target, method, index) => {
    expect(picked(policies, target, method)).toBe(index)
  })

  it('at the root', () => {
    expect(picked([{ path: '/' }], '/')).toBe(1)
    expect(picked([{ path: '/' }], '/a')).toBe(0)
    expect(picked([{ path: '/*' }], '/a/b')).toBe(1)
  })

  it("are made of the server's options and their own, linger one by one", () => {
    const server = {
      maxContentLength: 1,
      format: 'flat',
      linger: { idleMs: 1, totalMs: 2 },
    } as const
    const { options } = readPolicies(
      [{ path: '/a', maxContentLength: 5, linger: { idleMs: 9 } }],
      server,
    )
    expect(options).toEqual([
      server,
      { maxContentLength: 5, format: 'flat', linger: { idleMs: 9, totalMs: 2 } },
    ])
  })

  it.each<[unknown, string]>([
    [{}, 'policies'],
    [[null], 'policies[0]'],
    [[{ path: 'files' }], 'policies[0].path'],
    [[{}, { path: 5 }], 'policies[1].path'],
    [[{ path: '/files/:name?' }], 'policies[0].path'],
    [[{ path: '/files/*rest' }], 'policies[0].path'],
    [[{ path: '/files/*/parts' }], 'policies[0].path'],
    [[{ path: '/files?all' }], 'policies[0].path'],
    [[{ method: [] }], 'policies[0].method'],
    [[{ method: 'PUT POST' }], 'policies[0].method'],
  ])('%j throws, and names %s', (wrong, option) => {
    expect(() => readPolicies(wrong as PathPolicy[], {})).toThrow(
      expect.objectContaining({ code: 'ERR_EXPECTATION_INVALID_OPTION', option }),
    )
  })
})

it.each([
  [{ paths: '/a' }, 'policies[0].paths', 'path'],
  [{ path: '/a', methods: ['PUT'] }, 'policies[0].methods', 'method'],
  [{ path: '/a', maxSize: 5 }, 'policies[0].maxSize', 'maxContentLength'],
])('%j throws, and names %s and %s', (wrong, option, meant) => {
  expect(() => readPolicies([wrong as PathPolicy], {})).toThrow(
    expect.objectContaining({
      code: 'ERR_EXPECTATION_UNKNOWN_OPTION',
      option,
      message: expect.stringContaining(` ${meant}`),
    }),
  )
})

describe('fields of answers', () => {
  const head = headOf({ origin: 'https://app.example' })

  it('are given as written, or by a function of the head', () => {
    const fixed = readAnswerHeaders('headers', { 'Access-Control-Allow-Origin': '*' })
    expect(fixed(head)).toEqual({ 'Access-Control-Allow-Origin': '*' })
    const asked = readAnswerHeaders('headers', (view) => ({
      'Access-Control-Allow-Origin': view.field('Origin') ?? '*',
    }))
    expect(asked(head)).toEqual({ 'Access-Control-Allow-Origin': 'https://app.example' })
    expect(readAnswerHeaders('headers', undefined)(head)).toEqual({})
  })

  it('of a function that throws, or gives what cannot be sent, are none', () => {
    const broken: readonly (() => unknown)[] = [
      () => {
        throw new Error('no')
      },
      () => ({ 'X-A': 'b\r\nC: d' }),
      () => 'text',
      () => undefined,
    ]
    for (const headers of broken) {
      expect(readAnswerHeaders('headers', headers as () => undefined)(head)).toEqual({})
    }
  })

  it.each([
    [{ 'Transfer-Encoding': 'chunked' }],
    [{ 'content-length': '5' }],
    [{ 'bad name': 'x' }],
    [{ 'X-A': 'b\r\nC: d' }],
    [5],
    [[]],
  ])('%j throws', (wrong) => {
    expect(() => readAnswerHeaders('headers', wrong as never)).toThrow(
      expect.objectContaining({ option: 'headers' }),
    )
  })
})
