// Real uploads with curl through real proxies: each does what its row of docs/proxies.md says.
import { madePart } from '../docs/made.js'
import { behind } from './behind.js'
import { configs } from './configs.js'
import {
  type Accepted,
  type Amount,
  type Continuer,
  type Refused,
  seeAccepted,
  seeRefused,
  seeUnknown,
} from './observe.js'
import { testBehind } from './proxy-test.js'
import { type Row, rows } from './rows.js'
import { proxyTable } from './table.js'

jest.setTimeout(60_000)

const ASKING = 'Expect: 100-continue'
const SILENT = 'Expect:'

test('docs/proxies.md has the table of these rows', () => {
  expect(madePart('proxies.md', 'proxies', proxyTable(rows))).toBe(proxyTable(rows))
})

/** `part` is everything but all: how much is a matter of buffers, and may be nothing. */
function asShown(seen: Amount, expected: Amount): Amount {
  return expected === 'part' && seen === 'nothing' ? 'part' : seen
}

/** What is left of the 100s of a proxy that asks late when the service is quicker. */
const WITHOUT_ITS_OWN: Partial<Record<Continuer, readonly Continuer[]>> = {
  proxy: ['nobody'],
  // A service that has content already may leave its 100 out (R13): the proxy asked first.
  both: ['service', 'proxy'],
}

function continuerAsShown(seen: Continuer, expected: Continuer, asksLate = false): Continuer {
  return asksLate && WITHOUT_ITS_OWN[expected]?.includes(seen) ? expected : seen
}

function acceptedAsShown(seen: Accepted, expected: Accepted, asksLate?: boolean): Accepted {
  const continueFrom = continuerAsShown(seen.continueFrom, expected.continueFrom, asksLate)
  return { ...seen, continueFrom }
}

/** What was seen, told in the words of the row. */
function told(seen: Refused, expected: Refused, asksLate?: boolean): Refused {
  return {
    ...seen,
    continueFrom: continuerAsShown(seen.continueFrom, expected.continueFrom, asksLate),
    toProxy: asShown(seen.toProxy, expected.toProxy),
    toService: asShown(seen.toService, expected.toService),
  }
}

function proves({ config, title, expected, losesSome, asksLate }: Row): void {
  const proxyTest = testBehind(config)

  proxyTest(
    `${title}: 20 MB accepted, refused and expecting the unknown, as its row says`,
    async () => {
      const proxied = await behind(configs[config])
      // The first upload makes the file, so that the ones that are looked at answer 200.
      expect((await proxied.upload({ token: 'right', headers: [SILENT] })).status).toBe(201)
      const accepted = await seeAccepted(proxied, ASKING)
      expect(acceptedAsShown(accepted, expected.accepted, asksLate)).toEqual(expected.accepted)
      expect(await seeAccepted(proxied, SILENT)).toEqual(expected.acceptedWithoutExpect)
      for (let time = 0; time < 2; time += 1) {
        let refused = await seeRefused(proxied, ASKING)
        for (let again = 0; losesSome && refused.status !== 401 && again < 5; again += 1) {
          refused = await seeRefused(proxied, ASKING)
        }
        expect(told(refused, expected.refused, asksLate)).toEqual(expected.refused)
        const blind = await seeRefused(proxied, SILENT)
        expect(told(blind, expected.refusedWithoutExpect)).toEqual(expected.refusedWithoutExpect)
      }
      expect(await seeUnknown(proxied)).toEqual(expected.unknownExpectation)
      // No connection between proxy and service is left poisoned.
      for (let time = 0; time < 5; time += 1) {
        const listed = await fetch(`${proxied.url}/files`)
        expect(listed.status).toBe(200)
        expect(await listed.json()).toMatchObject({ files: [{ name: 'clip.mp4' }] })
      }
    },
  )

  proxyTest(`${title}: a browser's refusal is the page of the service`, async () => {
    const proxied = await behind(configs[config])
    const headers = ['Accept: text/html', SILENT]
    const result = await proxied.upload({ headers })
    expect(result.status).toBe(401)
    expect(result.contentType).toBe('text/html; charset=utf-8')
    expect(result.body).toContain('<code>token_missing</code>')
    expect(result.headers).toMatch(/^www-authenticate: Bearer/im)
    expect(result.headers).toMatch(/^cache-control: no-store/im)
  })
}

for (const row of rows) proves(row)
