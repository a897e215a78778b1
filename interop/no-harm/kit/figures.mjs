// The figures that the docs show: written by the long runs, one row for each server and Node line.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../figures.json', import.meta.url)

export function readFigures() {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** Puts rows in place of those with the same `key` fields. */
export function writeFigures(proof, rows, key) {
  const figures = readFigures()
  const same = (one, two) => key.every((name) => one[name] === two[name])
  const kept = figures[proof].filter((row) => !rows.some((each) => same(row, each)))
  figures[proof] = [...kept, ...rows].sort((a, b) => order(a, key).localeCompare(order(b, key)))
  writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`)
}

const order = (row, key) => key.map((name) => row[name]).join(' ')
