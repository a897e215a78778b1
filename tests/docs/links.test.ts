// Links between pages lead somewhere: to a file of the repository, and to a heading where they name one.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { inFolder, packages, pages, root } from './every-page.js'

const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g

/** How GitHub names a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}

function anchorsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ''))
}

test.each(pages)('%s', (page) => {
  const text = readFileSync(path.join(root, page), 'utf8')
  const broken = [...text.matchAll(LINK)].filter(([, target = '', anchor]) => {
    const file = target === '' ? path.join(root, page) : path.join(root, path.dirname(page), target)
    if (!existsSync(file)) return true
    return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor)
  })
  expect(broken.map(([link]) => link)).toEqual([])
})

test('every recipe is listed', () => {
  const index = readFileSync(path.join(root, 'docs/recipes/README.md'), 'utf8')
  const missing = inFolder('docs/recipes')
    .map((page) => path.basename(page))
    .filter((name) => name !== 'README.md' && !index.includes(`(${name})`))
  expect(missing).toEqual([])
})

test.each(packages)('%s stands alone: every link is an address of the repository', (page) => {
  const text = readFileSync(path.join(root, page), 'utf8')
  const relative = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target)
  expect(relative.filter((target) => !/^(https:|#)/.test(target))).toEqual([])
})
