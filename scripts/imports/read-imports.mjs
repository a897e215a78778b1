// What a TypeScript file asks for, in any of the ways there are: import, export from, import(),
// require(), import('…') in a type, import x = require('…'). Types count: direction is about ideas.
import { parseSync } from '@swc/core'

export function parseTypeScript(text) {
  return parseSync(text, { syntax: 'typescript', target: 'es2022' })
}

export function* walk(node) {
  if (Array.isArray(node)) {
    for (const item of node) yield* walk(item)
  } else if (node !== null && typeof node === 'object') {
    if (typeof node.type === 'string') yield node
    for (const value of Object.values(node)) yield* walk(value)
  }
}

export function readImports(text) {
  const wanted = new Set()
  for (const node of walk(parseTypeScript(text).body)) {
    const specifier = specifierOf(node)
    if (typeof specifier === 'string') wanted.add(specifier)
  }
  return [...wanted]
}

function specifierOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.source?.value
    case 'TsExternalModuleReference':
      return node.expression.value
    case 'TsImportType':
      return node.argument.value
    case 'CallExpression': {
      const loads = node.callee.type === 'Import' || node.callee.value === 'require'
      return loads ? node.arguments[0]?.expression.value : undefined
    }
    default:
      return undefined
  }
}
