// The conformance suite through proxy libraries with `askFirst` or `dispatcher` before them, in front of
// the gated Express. Two stand for all; EXPECTATION_LONG=1 runs every one.
import { run } from '@expectation/conformance'
import { routes } from '../conformance/routes.js'
import { startHarness } from '../conformance/start-harness.js'
import { afterThisTest } from '../support/cleanup.js'
import { LIBRARIES, type Library, startLibrary } from './support/library-proxy.js'

jest.setTimeout(240_000)

const all = Object.keys(LIBRARIES) as Library[]
const chosen: readonly Library[] =
  process.env.EXPECTATION_LONG === undefined ? ['http-proxy-3', 'http-proxy-middleware 4'] : all

/** It writes the length of a GET's content, and not the content: docs/gateway.md. */
const NOT_OURS: Readonly<Partial<Record<Library, readonly string[]>>> = {
  '@fastify/http-proxy, http': ['methods/get-unread', 'methods/propfind-unread'],
}

for (const library of chosen) {
  test(`${library} passes every case that counts`, async () => {
    const upstream = await startHarness('express-gated')
    afterThisTest(() => upstream.stop())
    const proxy = await startLibrary(library, Number(new URL(upstream.url).port))
    const { results } = await run({ url: `http://127.0.0.1:${proxy.port}`, routes })
    const failed = results.filter(({ verdict, level }) => verdict === 'fail' && level !== 'MAY')
    expect(failed.map(({ id }) => id)).toEqual(NOT_OURS[library] ?? [])
  })
}
