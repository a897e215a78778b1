// Horizontal bars, several for each row.

import { framed, text } from './theme.mjs'

const WIDTH = 720
const LABEL = 190
const VALUE = 90
const BAR = 14
const GAP = 10
const TOP = 56

/**
 * @param rows - `{ label, values: [{ kind: 'ours' | 'theirs', share, shown }] }`, shares from 0 to 1.
 * @param legend - `{ ours, theirs }`.
 */
export function bars({ title, says, rows, legend }, theme) {
  const parts = [legendOf(legend, theme)]
  let y = TOP
  for (const { label, values } of rows) {
    const middle = y + (values.length * BAR) / 2 + 4
    parts.push(text(0, middle, label, theme.text))
    for (const { kind, share, shown } of values) {
      const length = Math.max(2, share * (WIDTH - LABEL - VALUE))
      parts.push(
        `<rect x="${LABEL}" y="${y}" width="${length.toFixed(1)}" height="${BAR - 2}" rx="2" fill="${theme[kind]}"/>`,
        text(LABEL + length + 6, y + BAR - 4, shown, theme.faint),
      )
      y += BAR
    }
    y += GAP
  }
  return framed({ width: WIDTH, height: y, title, says, theme, body: parts.join('\n') })
}

export function legendOf({ ours, theirs }, theme) {
  return [
    `<rect x="0" y="30" width="10" height="10" rx="2" fill="${theme.ours}"/>`,
    text(16, 40, ours, theme.faint),
    `<rect x="200" y="30" width="10" height="10" rx="2" fill="${theme.theirs}"/>`,
    text(216, 40, theirs, theme.faint),
  ].join('\n')
}
