// Ratios first: they are what a noisy machine leaves standing.

import { noiseOf } from '../end-to-end/statistics.mjs'
import { count, ratio, table } from './table.mjs'

/** A target is within a few percent of 1: what spreads by more than this tells nothing of it. */
const MOST_NOISE = 0.2

const span = ([low, high]) => `${ratio(low)}–${ratio(high)}`

export function endToEndSection(records, largeBytes) {
  const ours = records.filter((record) => !isContext(record))
  const context = records.filter(isContext)
  const names = [...new Set(ours.map(({ comparison }) => comparison))]
  return `## Requests over real sockets

Throughput of a server with the gate, divided by the same server without it, from rounds that take turns,
in several fresh processes each: what one process compiles well another compiles badly, by chance.
*Control* is the server without it, twice, in the same rounds: what differs by chance. Intervals hold the
median with 95 % confidence. A difference that is not larger than the control's spread counts as none,
and leaves a target open that the median does not reach. Where the control spreads by more than
${Math.round(MOST_NOISE * 100)} % a target that the median reaches is open too: the machine was too restless to tell.
*Processor* is the same ratio by processor time for each request in the server, which other programs
disturb less.

"Bare" refuses by hand, with \`Connection: close\`, and closes at once. Ours stays until the client has
closed, so that the answer arrives: one more turn of the event loop and one more read for each refused
connection, which no implementation of RFC 9112 section 9.6 can do without. The last two tables take that
apart: a hand-written refusal that stays too, within a bound of time and nothing else, against the one
that closes, which is the most that anybody can reach; and \`attach\` against the one that stays.

${names.map((name) => comparisonTable(name, ours, largeBytes)).join('\n\n')}
${context.length > 0 ? `\n${contextTable(context)}\n` : ''}`
}

const TITLES = {
  'node:http, price of staying': 'The price of staying: two hand-written refusals',
  'node:http': '`attach` against a hand-written `checkContinue`',
  'node:http, lingering':
    '`attach` against a hand-written `checkContinue` that makes the refusal arrive',
}

const SIDES = { 'node:http, price of staying': ['closes', 'stays'] }

const isContext = ({ comparison }) => comparison in CONTEXT_TITLES

function comparisonTable(name, records, largeBytes) {
  const rows = records.filter(({ comparison }) => comparison === name)
  const title = TITLES[name] ?? name
  return `### ${title}\n\n${table(
    [
      '',
      'ratio',
      'control',
      'difference',
      'processor',
      'target',
      ...(SIDES[name] ?? ['bare', 'ours']),
    ],
    rows.map((row) => [
      row.title,
      `**${ratio(row.throughput.ratio.median)}** (${span(row.throughput.ratio.interval)})`,
      span(row.throughput.control.interval),
      row.throughput.different ? percent(row.throughput.ratio.median) : 'none',
      row.cpu === undefined ? '' : ratio(row.cpu.ratio.median),
      verdict(row),
      speed(row, row.perSecond.base, largeBytes),
      speed(row, row.perSecond.rival, largeBytes),
    ]),
  )}${lostNote(rows)}`
}

function percent(median) {
  const change = Math.round((median - 1) * 100)
  return `${change > 0 ? '+' : '−'}${Math.abs(change)} %`
}

function verdict({ target, throughput: { ratio: measured, control, different } }) {
  if (target === undefined) return ''
  if (measured.median >= target) {
    return noiseOf(control) > MOST_NOISE ? `≥ ${target}: open` : `≥ ${target}: holds`
  }
  const open = !different || measured.interval[1] >= target
  return open ? `≥ ${target}: open` : `≥ ${target}: **missed**`
}

function speed({ name }, perSecond, largeBytes) {
  return name === 'large'
    ? `${count((perSecond * largeBytes) / 1e6)} MB/s`
    : `${count(perSecond)}/s`
}

function lostNote(rows) {
  const lost = rows.filter(({ lost: { base, rival } }) => base + rival > 0)
  if (lost.length === 0) return ''
  const notes = lost.map(
    ({ title, lost: { base, rival }, answered }) =>
      `${title}: ${count(base)} bare (beside ${count(answered.base)} delivered), ` +
      `${count(rival)} ours (beside ${count(answered.rival)})`,
  )
  return `\n\nAnswers that never reached the client: ${notes.join('; ')}.`
}

const CONTEXT_TITLES = {
  hapi: 'hapi',
  go: 'Go',
  nginx: 'nginx',
  'h2/nginx': 'nginx over HTTP/2',
  'h2-tls/go': 'Go over HTTP/2 and TLS',
}

function contextTable(records) {
  return `### For orientation

Divided by bare Node with a hand-written \`checkContinue\`, one core each. Not the same work in every
detail: frameworks differ in what they do for a request.

${table(
  ['', '', 'ratio', 'control', 'requests'],
  records.map((row) => [
    row.comparison,
    row.title,
    `${ratio(row.throughput.ratio.median)} (${span(row.throughput.ratio.interval)})`,
    span(row.throughput.control.interval),
    `${count(row.perSecond.rival)}/s`,
  ]),
)}`
}
