// A report as one row of a table. How much was sent of a part is a matter of buffers and speed, so only
// nothing, part and all are told apart.
import type { Finding, ProbeReport, Report } from '@expectation/doctor'

export const COLUMNS = {
  asked: 'asked',
  plain: 'not asked',
  blind: 'blind writer',
  unknown: 'unknown expectation',
  loose: '`y 100-continue`',
  http10: 'HTTP/1.0',
  huge: '100 TB',
  get: 'GET, asked',
  accepts: 'accepted',
} as const

export type Column = keyof typeof COLUMNS

export interface ChainRow {
  readonly cells: Readonly<Record<Column, string>>
  /** Ids of what is wrong and what is wasted. */
  readonly findings: string
  /** Ids of the rest. */
  readonly others: string
}

export function rowOf(report: Report): ChainRow {
  const cell = (name: Column): string => {
    const probe = report.probes.find((each) => each.name === name)
    return probe === undefined ? '' : cellOf(probe)
  }
  const wrong = report.findings.filter(({ level }) => level === 'fault' || level === 'advice')
  return {
    cells: {
      asked: cell('asked'),
      plain: cell('plain'),
      blind: cell('blind'),
      unknown: cell('unknown'),
      loose: cell('loose'),
      http10: cell('http10'),
      huge: cell('huge'),
      get: cell('get'),
      accepts: cell('accepts'),
    },
    findings: idsOf(wrong),
    others: idsOf(report.findings.filter((finding) => !wrong.includes(finding))),
  }
}

export function idsOf(findings: readonly Finding[]): string {
  return findings.map(({ id }) => id).join(' ') || 'none'
}

function cellOf(probe: ProbeReport): string {
  const { name, interim, silent, status, ending } = probe
  const came = [...(silent ? ['silence'] : []), ...interim, status ?? ENDED[ending] ?? ending]
  const told = `${came.join(' > ')}${amount(probe)}`
  if (name !== 'asked' && name !== 'unknown') return told
  const { connection, next, nextStatus } = probe
  const then = next === undefined ? '' : `, next ${nextStatus ?? next}`
  return `${told}, ${connection}${then}`
}

const ENDED: Readonly<Record<string, string>> = { none: 'nothing' }

function amount({ name, spent, interim }: ProbeReport): string {
  if (name === 'blind' || name === 'accepts' || name === 'get' || name === 'huge') return ''
  if (spent === 'whole') return ' at all'
  return spent === 'nothing' && interim.length === 0 ? '' : ' at part'
}
