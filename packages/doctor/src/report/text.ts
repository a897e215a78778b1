// A report for people: what is wrong first, with its cause and remedy, in lines that fit. Nothing that a
// server sent reaches a terminal as a control character.

import type { Finding } from '../rules/judge.js'
import type { Level } from '../rules/rule.js'
import type { ProbeReport, Report } from './report.js'

export interface TextOptions {
  readonly columns: number
  readonly colour: boolean
  readonly explain: boolean
}

const MARKS: Readonly<Record<Level, string>> = { fault: '✘', advice: '!', fact: '·', good: '✓' }
const COLOURS: Readonly<Record<Level, number>> = { fault: 31, advice: 33, fact: 36, good: 32 }
const DIM = 2

export function reportText(report: Report, options: TextOptions): string {
  const paint = (code: number, text: string): string =>
    options.colour ? `\u001b[${code}m${text}\u001b[0m` : text
  const findings = report.findings.map((finding) => findingLines(finding, options.columns, paint))
  const parts = [
    headlines(report, options.columns).join('\n'),
    findings.flat().join('\n'),
    ...(options.explain
      ? report.probes.map((probe) => explained(probe, options.columns, paint))
      : []),
    wrapped(lastLine(report, options), options.columns, '', '').join('\n'),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function headlines({ mode, target, probes, software }: Report, columns: number): readonly string[] {
  const status = probes.find(({ name }) => name === 'asked')?.status
  const answered = mode === 'outside' && status !== undefined ? ` (answered with ${status})` : ''
  const seen = `Seen on the way: ${software.join(', ')}`
  return [printable(target) + answered, ...(software.length === 0 ? [] : [seen])].flatMap((line) =>
    wrapped(line, columns, '', '  '),
  )
}

function findingLines(
  { level, id, sentence, cause, remedy, link }: Finding,
  columns: number,
  paint: (code: number, text: string) => string,
): readonly string[] {
  const [first = '', ...rest] = wrapped(`${printable(sentence)} [${id}]`, columns, '    ', '    ')
  const mark = paint(COLOURS[level], MARKS[level])
  const lines = [`  ${mark} ${first.slice(4)}`, ...rest]
  if (level === 'good' || level === 'fact') return lines
  const below = (label: string, text: string): readonly string[] =>
    wrapped(`${label}: ${printable(text)}`, columns, '      ', '        ')
  return [
    ...lines,
    ...(cause === undefined ? [] : below('Cause', cause)),
    ...(remedy === undefined ? [] : below('Remedy', remedy)),
    // An address is never broken: it is there to be followed.
    `    ${paint(DIM, link)}`,
  ]
}

function explained(
  { name, request, transcript, ms }: ProbeReport,
  columns: number,
  paint: (code: number, text: string) => string,
): string {
  const lines = transcript.flatMap(({ atMs, way, text }) => {
    const arrow = { out: '>', in: '<', note: '*' }[way]
    return text
      .split(/\r?\n/)
      .map((line, index) => `  ${index === 0 ? `${atMs}`.padStart(5) : '     '} ${arrow} ${line}`)
  })
  const title = paint(DIM, cut(printable(`-- ${name}: ${request}, ${ms} ms`), columns))
  return [title, ...lines.map((line) => cut(printable(line), columns))].join('\n')
}

function lastLine({ requests, ms }: Report, { explain }: TextOptions): string {
  const more = explain ? '--json for programs.' : '--json for programs, --explain for the bytes.'
  return `${requests} requests, ${(ms / 1_000).toFixed(1)} s. ${more}`
}

function wrapped(text: string, columns: number, first: string, others: string): readonly string[] {
  const lines: string[] = []
  let line = first
  for (const word of text.split(' ')) {
    const indent = lines.length === 0 ? first : others
    const joined = line === indent ? indent + word : `${line} ${word}`
    if (joined.length <= columns || line === indent) {
      line = joined
      continue
    }
    lines.push(line)
    line = others + word
  }
  return [...lines, line]
}

function cut(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`
}

/** Control characters, and those that turn the direction of text, as escapes. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\x${code.toString(16).padStart(2, '0')}`
  })
}
