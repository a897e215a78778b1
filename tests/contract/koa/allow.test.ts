// A 405 behind errorHandler() tells `Allow` as whoever refused says it; only else as the router knows it.

import { errorHandler } from '@expectation/koa'
import Router from '@koa/router'
import Koa, { type Context } from 'koa'
import request, { type Response } from 'supertest'

function ask(router: Router): Promise<Response> {
  return request(new Koa().use(errorHandler()).use(router.routes()).callback()).get('/files')
}

describe('R23 MUST (RFC 9110 15.5.6): Allow of a 405', () => {
  const refusing: readonly (readonly [string, string, (context: Context) => never])[] = [
    [
      'the response',
      'GET, PUT',
      (context) => {
        context.set('Allow', 'GET, PUT')
        return context.throw(405)
      },
    ],
    ['the error', 'PUT', (context) => context.throw(405, { headers: { allow: 'PUT' } })],
    ['an error in capitals', 'PUT', (context) => context.throw(405, { headers: { ALLOW: 'PUT' } })],
    [
      'an error that allows nothing',
      '',
      (context) => context.throw(405, { headers: { allow: '' } }),
    ],
  ]
  for (const [who, allowed, refuse] of refusing) {
    test(`is what ${who} says, not what the router knows`, async () => {
      const router = new Router().all('/files', refuse)
      const answer = await ask(router)
      expect(answer.status).toBe(405)
      expect(answer.headers.allow).toBe(allowed)
    })
  }

  test.each([
    ['true', true],
    ['a record', { id: 1 }],
    ['a text', 'match'],
    ['a list of nothing', [null]],
    ['a list of lists', [[{ methods: [{}, 1] }], { methods: 1 }, { methods: [null] }]],
  ])('law 0: is empty where `matched` is not of a router: %s', async (_what, matched) => {
    const app = new Koa().use(errorHandler()).use((context) => {
      Object.assign(context, { matched })
      context.throw(405)
    })
    const answer = await request(app.callback()).get('/files')
    expect([answer.status, answer.headers.allow]).toEqual([405, ''])
  })

  test('is what the router knows where nobody says it', async () => {
    const router = new Router().get('/files', (context: Context) => context.throw(405))
    const answer = await ask(router)
    expect(answer.headers.allow).toBe('HEAD, GET')
  })
})
