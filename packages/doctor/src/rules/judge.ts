// From facts to findings: for each question the first rule that holds, then the worst first. Pure.

import { showBytes } from '../bytes.js'
import type { FactName, Facts, FactValue } from '../facts/facts.js'
import type { Software } from '../facts/software.js'
import { LEVELS, type Level, MOUNT, type Rule, type Wanted } from './rule.js'

/** What a report says about one question. */
export interface Finding {
  readonly id: string
  readonly question: string
  readonly level: Level
  readonly sentence: string
  readonly cause?: string
  readonly remedy?: string
  /** Where the rule is explained. */
  readonly link: string
  /** Where more is written about its subject. */
  readonly more?: string
}

const DOCS = 'https://github.com/expectation-js/expectation/blob/main/docs'

export interface JudgedBy {
  readonly rules: readonly Rule[]
  readonly questions: readonly string[]
}

export function judge(
  { rules, questions }: JudgedBy,
  facts: Facts,
  software: readonly Software[],
): readonly Finding[] {
  const findings = questions.flatMap((question): Finding[] => {
    const rule = rules.find((each) => each.question === question && holds(each, facts))
    return rule === undefined ? [] : [findingOf(rule, facts, software)]
  })
  return LEVELS.flatMap((level) => findings.filter((finding) => finding.level === level))
}

export function holds({ when }: Rule, facts: Facts): boolean {
  return Object.entries(when).every(([name, wanted]) => fits(facts[name as FactName], wanted))
}

function fits(value: FactValue | undefined, wanted: Wanted | undefined): boolean {
  if (value === undefined || wanted === undefined) return false
  if (typeof wanted !== 'object') return value === wanted
  if (isList(wanted)) return wanted.includes(value)
  if (typeof value !== 'number') return false
  return 'least' in wanted ? value >= wanted.least : value <= wanted.most
}

function isList(wanted: object): wanted is readonly FactValue[] {
  return Array.isArray(wanted)
}

function findingOf(rule: Rule, facts: Facts, software: readonly Software[]): Finding {
  const { id, question, level, cause, page } = rule
  const remedy = remedyOf(rule, software)
  return {
    id,
    question,
    level,
    sentence: told(rule.sentence, facts),
    ...(cause === undefined ? {} : { cause: told(cause, facts) }),
    ...(remedy === undefined ? {} : { remedy: told(remedy, facts) }),
    link: `${DOCS}/doctor.md#${id.toLowerCase()}`,
    ...(page === undefined || page === 'doctor.md' ? {} : { more: `${DOCS}/${page}` }),
  }
}

function remedyOf(
  { remedy, remedies = {} }: Rule,
  software: readonly Software[],
): string | undefined {
  const gated = software.includes('expectation')
  // A chain may need more than one: what is left out would be seen after the other was applied.
  const texts = software.flatMap((name) => remedies[name] ?? [])
  const useful = new Set(texts.filter((text) => !(gated && text === MOUNT)))
  return useful.size === 0 ? remedy : [...useful].join(' ')
}

function told(text: string, facts: Facts): string {
  return text.replace(/\{([a-z0-9.]+)\}/gi, (_all, name: FactName) => shown(name, facts[name]))
}

function shown(name: FactName, value: FactValue | undefined): string {
  if (value === undefined) return '?'
  return typeof value === 'number' && /bytes$/i.test(name) ? showBytes(value) : String(value)
}
