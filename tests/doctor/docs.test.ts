// docs/doctor.md lists the rules as they are, and its examples are what is seen.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { catalogue } from '@expectation/core'
import { behindRules, outsideRules } from '@expectation/doctor'
import { madePart } from '../docs/made.js'
import { codeBlocks } from '../docs/markdown.js'
import { programsOf, runProgram } from '../docs/run-page.js'
import { doctorCommand } from './command.js'
import type { ChainRow } from './row.js'
import { behindList, outsideList } from './rule-list.js'

const root = path.join(__dirname, '../..')

test('the rules in docs/doctor.md are those of the package', () => {
  expect(madePart('doctor.md', 'rules', outsideList())).toBe(outsideList())
  expect(madePart('doctor.md', 'behind-rules', behindList())).toBe(behindList())
})

test.each(['docs/doctor.md', 'packages/doctor/README.md'])(
  'the program of %s runs',
  async (page) => {
    const [program, ...more] = programsOf(readFileSync(path.join(root, page), 'utf8'))
    expect(more).toEqual([])
    if (program === undefined) throw new Error(`${page} has no program`)
    await runProgram(program)
  },
)

test('whoever gets a 417 is told of the command, by the page and by the reference', () => {
  const page = readFileSync(path.join(root, 'docs/troubleshooting.md'), 'utf8')
  expect(codeBlocks(page)[0]?.code).toBe('npx @expectation/doctor "$URL"')
  for (const { status, remedy } of catalogue) {
    expect(remedy.includes('npx @expectation/doctor')).toBe(status === 417)
  }
})

test('every page that a rule names is there', () => {
  const pages = [...outsideRules, ...behindRules].map(({ page }) => page ?? 'doctor.md')
  expect(pages.filter((page) => !existsSync(path.join(root, 'docs', page)))).toEqual([])
})

test('no id of docs/doctor.md was taken away', () => {
  const known = readFileSync(path.join(__dirname, 'given-ids.txt'), 'utf8').trim().split(/\s+/)
  const given = [...outsideRules, ...behindRules].map(({ id }) => id)
  expect(given.filter((id) => !known.includes(id))).toEqual([])
  expect(new Set(known).size).toBe(known.length)
})

test('the example is what Express alone shows, by its row', () => {
  const shown = codeBlocks(readFileSync(path.join(root, 'docs/doctor.md'), 'utf8')).find(
    ({ heading, language }) => heading === 'Start' && language === 'text',
  )
  const marked = [...(shown?.code ?? '').matchAll(/\[(D\d+)\]/g)].map(([, id]) => id)
  const rows: Readonly<Record<string, ChainRow>> = JSON.parse(
    readFileSync(path.join(__dirname, 'chain-rows.json'), 'utf8'),
  )
  const { findings = '', others = '' } = rows.express ?? {}
  // The row has an accepted upload as well.
  expect(`${findings} ${others}`.split(' ').filter((id) => id !== 'D1305')).toEqual(marked)
})

test('the page names the same flags as --help', async () => {
  const { out: usage } = await doctorCommand(['--help'])
  const flags = [...usage.matchAll(/^ {2}(--[a-z]+)/gm)].map(([, flag]) => flag ?? '')
  const page = readFileSync(path.join(root, 'docs/doctor.md'), 'utf8')
  expect(flags.filter((flag) => !page.includes(`\`${flag}`))).toEqual([])
})
