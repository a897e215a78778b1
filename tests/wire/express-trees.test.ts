// Law 0: a router that is mounted inside itself, as it serves a tree of paths, is one as any other: refusals and 404s
// find their way past it, and a client that asks for a deep path costs no more than the path.
import { errorHandler, expectation, Refusal } from '@expectation/express'
import type { ErrorRequestHandler, Express, Router } from 'express'
import { keepConsoleErrors } from '../support/console.js'
import { type Module, majors } from '../support/express-majors.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody } from '../support/refusal.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

keepConsoleErrors()
forbidStrayErrors()

const caught: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(error.status).send('caught')
}

function tree({ Router }: Module): Router {
  const router = Router()
  return router.use('/:folder/children', router).use('/:folder/trash', router)
}

/** At each step two ways lead on. */
function wideTree({ Router }: Module): Router {
  const router = Router()
  return router.use('/:folder', router).use('/:file', router)
}

const limited = () => expectation({ maxContentLength: 10 })

async function ask(app: Express, target: string, length = 20) {
  const client = await RawClient.connect(await serve(app))
  return await client.send(head({ target, length })).final()
}

for (const [major, module] of majors) {
  test(`a gate beside a tree refuses: ${major}`, async () => {
    const app = module().use('/tree', tree(module), limited())
    checkBody(await ask(app, '/tree/a/children/b'), 413, 'content_too_large')
  })

  test(`a check that waits refuses beside a tree: ${major}`, async () => {
    const later = async () => new Refusal(403)
    const app = module().use('/tree', tree(module), expectation({ checks: [later] }))
    checkBody(await ask(app, '/tree/a'), 403, 'forbidden')
  })

  test(`a gate in a tree refuses where no handler is in the way: ${major}`, async () => {
    const app = module().use('/tree', tree(module).use(limited())).use('/admin', caught)
    checkBody(await ask(app, '/tree/a/children/b'), 413, 'content_too_large')
  })

  for (const target of ['/tree', '/tree/a/children/b', '/tree/a/children/b/trash/c/children']) {
    test(`the handler behind a tree gets its refusal of ${target}: ${major}`, async () => {
      const app = module().use('/tree', tree(module).use(limited())).use('/tree', caught)
      expect((await ask(app, target)).text).toBe('caught')
    })
  }

  test(`a deep path in a wide tree is refused: ${major}`, async () => {
    const app = module().use('/tree', wideTree(module).use(limited()))
    checkBody(await ask(app, `/tree${'/a'.repeat(60)}`), 413, 'content_too_large')
  })

  test(`errorHandler() answers 404 behind a tree, and on a router of its own: ${major}`, async () => {
    const own = module.Router().use(errorHandler())
    const app = module().use('/tree', tree(module)).use('/api', own).use(errorHandler())
    for (const target of ['/tree/nothing', '/tree/a/children/b', '/api/nothing']) {
      checkBody(await ask(app, target, 0), 404, 'not_found')
    }
  })
}
