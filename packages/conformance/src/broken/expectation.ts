// What the model server makes of `Expect`: right by the grammar, or wrong as told.

import { membersOf } from '../generated/model.js'
import type { Defects } from './defects.js'
import type { ModelHead } from './read-head.js'

export type ModelExpectation = 'none' | 'continue' | 'unmet'

const decoys = ['x-expect', 'expectation', 'prefer']
const ordinary = /^(host|conformance-id|expect|content-length|transfer-encoding|connection)$/

export function expectationOf(head: ModelHead, defects: Defects): ModelExpectation {
  if (head.version === '1.0' && !defects.interimTo10) return 'none'
  const lines = [...head.values('expect')]
  if (defects.otherFields === 'read-as-expect')
    lines.push(...decoys.flatMap((name) => head.values(name)))
  if (defects.match === 'always') return 'continue'
  if (lines.length === 0) return 'none'
  if (defects.otherFields === 'shy' && head.names.some((name) => !ordinary.test(name)))
    return 'none'
  const meant = meaningOf(lines, defects)
  return meant === 'unmet' && defects.unknown === 'ignore' ? 'none' : meant
}

function meaningOf(lines: readonly string[], defects: Defects): ModelExpectation {
  const value = lines.join(', ')
  const exactly = (matched: boolean): ModelExpectation => (matched ? 'continue' : 'unmet')
  switch (defects.match) {
    case 'never':
      return 'none'
    case 'loose':
      return exactly(/100.?contin|\*|100|102/i.test(value))
    case 'word':
      return exactly(/(^|\W)100-continue($|\W)/i.test(value))
    case 'exact':
      return exactly(value.toLowerCase() === '100-continue')
    case 'case-sensitive':
      return value.toLowerCase() === '100-continue' && value !== '100-continue'
        ? 'none'
        : byGrammar(value, defects)
    case 'ignore-lists':
      return value.includes(',') ? 'none' : byGrammar(value, defects)
    default:
      return byGrammar(value, defects)
  }
}

function byGrammar(value: string, defects: Defects): ModelExpectation {
  const members = membersOf(value)
  if (members === undefined) return 'unmet'
  if (members.length === 0) return defects.emptyIsUnmet ? 'unmet' : 'none'
  return members.every((member) => member.toLowerCase() === '100-continue') ? 'continue' : 'unmet'
}
