// RFC 9112 7.1: an answer may come in any number of chunks. Whoever reads it piece by piece gets all of it,
// and reports can be printed.
import { inspect } from 'node:util'
import { upload } from '@expectation/client'
import { bare } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()
jest.setTimeout(60_000)

const PIECES = 20_000

test(`an answer in ${PIECES} pieces`, async () => {
  const { url } = await bare((request, response) => {
    let written = 0
    const write = (): void => {
      if (written === PIECES) return void response.end()
      written += 1
      response.write('a')
      setImmediate(write)
    }
    request.resume().on('end', write)
  })
  const response = await upload(url, { body: 'hello' })
  let bytes = 0
  if (response.body === null) throw new Error('There is a body')
  for await (const piece of response.body) bytes += piece.byteLength
  expect(bytes).toBe(PIECES)
})

test('what is printed of a report is what it tells as JSON', async () => {
  const { url } = await bare((request, response) => {
    request.resume().on('end', () => response.end('ok'))
  })
  const { upload: report } = await upload(url, { body: 'hello' })
  const attempt = {
    url: `${url}/`,
    reason: 'first',
    protocol: 'http/1.1',
    asked: false,
    verdict: 'none',
    status: 200,
    error: undefined,
    sentBytes: 5,
    retryInMs: undefined,
  }
  expect(inspect(report, { depth: 5 })).toBe(
    inspect({ attempts: [attempt], sentBytes: 5, contentBytes: 5 }, { depth: 5 }),
  )
})
