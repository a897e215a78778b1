// The list of reading rules in docs/doctor.md, made of the rules themselves.
import {
  behindQuestions,
  behindRules,
  outsideQuestions,
  outsideRules,
  type Rule,
} from '@expectation/doctor'

const MARKS = { fault: '✘ fault', advice: '! advice', fact: '· fact', good: '✓ good' } as const

function shown(rule: Rule): string {
  const { id, level, sentence, cause, remedy, remedies = {}, page } = rule
  return [
    `#### ${id}`,
    `${MARKS[level]}: ${sentence.replaceAll(/\{([\w.]+)\}/g, '`$1`')}`,
    ...(cause === undefined ? [] : [`* Cause: ${cause}`]),
    ...(remedy === undefined ? [] : [`* Remedy: ${remedy}`]),
    ...Object.entries(remedies).map(([name, text]) => `* Remedy, ${name}: ${text}`),
    `* When: ${Object.entries(rule.when).map(condition).join('; ')}`,
    ...(page === undefined || page === 'doctor.md' ? [] : [`* More: [${page}](${page})`]),
  ].reduce(
    (text, part) =>
      `${text}${part.startsWith('* ') && /\n\* [^\n]*$/.test(text) ? '\n' : text === '' ? '' : '\n\n'}${part}`,
    '',
  )
}

function condition([fact, wanted]: [string, unknown]): string {
  if (Array.isArray(wanted))
    return `\`${fact}\` is one of ${wanted.map((each) => `\`${each}\``).join(', ')}`
  if (typeof wanted !== 'object' || wanted === null) return `\`${fact}\` is \`${wanted}\``
  const [[kind, bound] = ['least', 0]] = Object.entries(wanted)
  return `\`${fact}\` is at ${kind} ${bound}`
}

function ofQuestions(questions: Readonly<Record<string, string>>, rules: readonly Rule[]): string {
  return Object.entries(questions)
    .map(([name, text]) => {
      const mine = rules.filter(({ question }) => question === name)
      return [`### ${text}`, ...mine.map(shown)].join('\n\n')
    })
    .join('\n\n')
}

export const outsideList = (): string => ofQuestions(outsideQuestions, outsideRules)
export const behindList = (): string => ofQuestions(behindQuestions, behindRules)
