// What a TypeScript block of a document exports, run as it stands there.
import { transformSync } from '@swc/core'
import { codeBlocks } from './markdown.js'

export function loadBlock(markdown: string, heading: string): Readonly<Record<string, unknown>> {
  const block = codeBlocks(markdown).find(
    (found) => found.language === 'ts' && found.heading === heading,
  )
  if (block === undefined) throw new Error(`There is no TypeScript under '${heading}'`)
  const { code } = transformSync(block.code, {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  })
  const exported = {}
  new Function('require', 'exports', code)(require, exported)
  return exported
}
