// What was measured, section by section, each with the run that it comes from: the page and its pictures
// are made from this file alone, so that a section can be measured anew without the others.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FILE = fileURLToPath(new URL('./data.json', import.meta.url))

/** @returns `{ [section]: { run, records } }`. */
export function readData() {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {}
}

export function writeData(data) {
  writeFileSync(FILE, `${JSON.stringify(data, null, 2)}\n`)
}
