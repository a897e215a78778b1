// Two lines over connections, both axes linear and from zero.

import { legendOf } from './bars.mjs'
import { framed, text } from './theme.mjs'

const WIDTH = 720
const HEIGHT = 300
const LEFT = 70
const TOP = 60
const BOTTOM = 34
const STEPS = 4

/** @param series - `{ kind, points: [[x, y], …] }`. */
export function lines({ title, says, legend, series, shownX, shownY }, theme) {
  const all = series.flatMap(({ points }) => points)
  const most = [0, 1].map((at) => Math.max(...all.map((point) => point[at])))
  const x = (value) => LEFT + (value / most[0]) * (WIDTH - LEFT - 40)
  const y = (value) => HEIGHT - BOTTOM - (value / most[1]) * (HEIGHT - TOP - BOTTOM)
  const parts = [legendOf(legend, theme)]
  for (let step = 0; step <= STEPS; step += 1) {
    const value = (most[1] * step) / STEPS
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH - 40}" y1="${y(value)}" y2="${y(value)}" stroke="${theme.line}"/>`,
      text(LEFT - 8, y(value) + 4, shownY(value), theme.faint, 'end'),
    )
  }
  for (const { kind, points } of series) {
    const path = points.map((point) => `${x(point[0]).toFixed(1)},${y(point[1]).toFixed(1)}`)
    parts.push(
      `<polyline points="${path.join(' ')}" fill="none" stroke="${theme[kind]}" stroke-width="2"/>`,
    )
    for (const [cx, cy] of points) {
      parts.push(`<circle cx="${x(cx)}" cy="${y(cy)}" r="3" fill="${theme[kind]}"/>`)
    }
  }
  for (const [value] of series[0].points) {
    parts.push(text(x(value), HEIGHT - 12, shownX(value), theme.faint, 'middle'))
  }
  return framed({ width: WIDTH, height: HEIGHT, title, says, theme, body: parts.join('\n') })
}
