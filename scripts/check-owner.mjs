// The state of an exchange and of a connection has one owner: nobody else in core's Node layer assigns to
// them. First proves on fixtures that it would notice.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseTypeScript, walk } from './imports/read-imports.mjs'
import { filesBelow, root } from './workspace.mjs'

const OWNED = new Set(['exchange', 'connection'])

/** The name by which an object is held: `exchange`, `this.exchange`, `held.connection`. */
function nameOf(node) {
  if (node.type === 'Identifier') return node.value
  if (node.type === 'TsNonNullExpression') return nameOf(node.expression)
  return node.type === 'MemberExpression' ? node.property.value : undefined
}

function targetOf(node) {
  if (node.type === 'AssignmentExpression') return node.left
  if (node.type === 'UpdateExpression') return node.argument
  const deletes = node.type === 'UnaryExpression' && node.operator === 'delete'
  return deletes ? node.argument : undefined
}

function faultsOf(file, text) {
  const faults = []
  for (const node of walk(parseTypeScript(text).body)) {
    const target = targetOf(node)
    if (target?.type !== 'MemberExpression') continue
    const owned = nameOf(target.object)
    if (OWNED.has(owned)) {
      faults.push(
        `${file}: assigns to \`${owned}.${target.property.value}\`; tell it what happened`,
      )
    }
  }
  return faults
}

const noticed = [
  'exchange.limit = 1',
  'this.exchange.receivedBytes += 1',
  'connection.closing ||= true',
  'held.exchange.count++',
  'delete exchange.decision',
]
const fine = ['const exchange = find()', 'this.exchange = exchange', 'exchange.decided(a)']
const asleep = [
  ...noticed.filter((text) => faultsOf('fixture', text).length !== 1),
  ...fine.filter((text) => faultsOf('fixture', text).length !== 0),
]
const sources = filesBelow('packages/core/src/node', (name) => name.endsWith('.ts'))
const faults = [
  ...asleep.map((text) => `self-test: ${text}`),
  ...sources.flatMap((file) => faultsOf(file, readFileSync(path.join(root, file), 'utf8'))),
]

for (const fault of faults) console.error(fault)
console.log(
  `${sources.length} files, ${noticed.length + fine.length} fixtures, ${faults.length} faults`,
)
process.exitCode = faults.length > 0 || sources.length === 0 ? 1 : 0
