// A report from both ends as one row of a table: what the client saw, how much it had sent, and how much
// the origin had when it answered. E: the origin was asked.
import type { Facts, ProbeReport, Report } from '@expectation/doctor'
import { idsOf } from './row.js'

export const BEHIND_COLUMNS = {
  refused: 'refused, asked',
  unasked: 'refused, not asked',
  accepted: 'accepted',
  early: '103, 104, 102 before the 100',
  quiet: 'silent origin',
  twice: 'origin sends 100 twice',
  midway: '413 midway',
  rude: 'rude 413',
  kept: 'refusal kept, then GET',
} as const

export type BehindColumn = keyof typeof BEHIND_COLUMNS

export interface BehindRow {
  readonly cells: Readonly<Record<BehindColumn, string>>
  readonly findings: string
  readonly others: string
}

export function behindRowOf({ probes, facts, findings }: Report): BehindRow {
  const cell = (name: BehindColumn): string => {
    const probe = probes.find((each) => each.name === name)
    return probe === undefined ? '' : cellOf(name, probe, facts)
  }
  const wrong = findings.filter(({ level }) => level === 'fault' || level === 'advice')
  return {
    cells: {
      refused: cell('refused'),
      unasked: cell('unasked'),
      accepted: cell('accepted'),
      early: cell('early'),
      quiet: cell('quiet'),
      twice: cell('twice'),
      midway: cell('midway'),
      rude: cell('rude'),
      kept: cell('kept'),
    },
    findings: idsOf(wrong),
    others: idsOf(findings.filter((finding) => !wrong.includes(finding))),
  }
}

function cellOf(name: BehindColumn, probe: ProbeReport, facts: Facts): string {
  const { interim, silent, status, ending, spent, nextStatus, next } = probe
  const final = status ?? (ending === 'none' ? 'nothing' : ending)
  const came = [...(silent ? ['silence'] : []), ...interim, final].join(' > ')
  switch (name) {
    case 'refused':
    case 'unasked':
    case 'midway': {
      const had = facts[`${name}.originBytes`]
      const reached = facts[`${name}.reached`] === true
      const asked = facts[`${name}.expect`] === true ? ' E' : ''
      const sent =
        spent === 'whole' ? 'all' : spent === 'nothing' && interim.length === 0 ? 'nothing' : 'part'
      return reached ? `${came}, ${sent}/${amountOf(had)}${asked}` : `${came}, origin not reached`
    }
    case 'quiet':
      return `${came}${facts['quiet.originTotal'] === 0 ? ', nothing to the origin' : ''}`
    case 'kept':
      return `${nextStatus ?? next ?? 'nothing'}, ${facts['kept.nextConnection']} connection`
    default:
      return came
  }
}

function amountOf(bytes: unknown): string {
  if (bytes === 0) return 'nothing'
  return bytes === undefined ? 'no answer' : 'part'
}
