// The table of docs/proxies.md, made of the rows that the tests prove.
import type { Accepted, Refused } from './observe.js'
import type { Row } from './rows.js'

const HEAD = [
  'proxy',
  'measured with',
  '100 comes from',
  'service sees `Expect`',
  'refused, asked first',
  'refused, not asked',
  'unknown expectation',
  'in short',
]

export function proxyTable(rows: readonly Row[]): string {
  const lines = rows.map(({ title, version, expected, losesSome, asksLate, advice }) => [
    title,
    version,
    continuer(expected.accepted) + (asksLate ? ', or only the service' : ''),
    expected.accepted.serviceSawExpect ? 'yes' : 'no',
    refused(expected.refused) + (losesSome ? ', some lost' : ''),
    refused(expected.refusedWithoutExpect),
    unknown(expected.unknownExpectation),
    advice,
  ])
  return [HEAD, HEAD.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function continuer({ continueFrom }: Accepted): string {
  return continueFrom === 'both' ? 'proxy, then service' : continueFrom
}

/** Always the service's own answer; the tests see to it. */
function refused({ status, toProxy, toService }: Refused): string {
  return `${status}; ${toProxy} to the proxy, ${toService} to the service`
}

function unknown({ status, words }: Pick<Refused, 'status' | 'words'>): string {
  return status < 400 ? 'ignored' : `${status} from the ${words}`
}
