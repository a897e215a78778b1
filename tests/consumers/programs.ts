// The programs of the gateway's documentation compile, word for word, in a user's project.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { codeBlocks } from '../docs/markdown.js'
import type { Project } from './project.js'

const root = path.join(__dirname, '../..')
const pages = ['packages/gateway/README.md', 'docs/gateway.md']

const compilerOptions = {
  target: 'es2022',
  module: 'nodenext',
  lib: ['es2022'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  // The types of proxy libraries name packages that they do not bring.
  skipLibCheck: true,
  esModuleInterop: true,
  types: ['node'],
}

export function programs(project: () => Project): void {
  test.each(['typescript', 'typescript5'])(
    'the gateway’s programs compile, %s',
    async (compiler) => {
      const codes = pages.flatMap((page) =>
        codeBlocks(readFileSync(path.join(root, page), 'utf8')).filter(
          ({ language }) => language === 'ts',
        ),
      )
      expect(codes).toHaveLength(6)
      for (const [at, { code }] of codes.entries()) project().write(`programs/${at}.mts`, code)
      project().write('programs/tsconfig.json', JSON.stringify({ compilerOptions }))
      const ended = await project().tool(compiler, 'tsc', ['-p', 'programs/tsconfig.json'])
      expect(ended.output).toBe('')
      expect(ended.code).toBe(0)
    },
  )
}
